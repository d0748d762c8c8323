//! The RMS wire shapes and what they mean.
//!
//! Each shape stands here once: for what clients send us, for what we send to a RMS Magic aggregator, and for what goes
//! to clients. What comes in is read by [`fields`], which finds every violation at once; what goes out is a struct that
//! also describes itself for `openapi.json`. The documents' contradictions are settled here and nowhere else.

pub mod account;
pub mod api_key;
pub mod audited;
pub mod booking;
pub mod configured;
pub mod courier;
#[cfg(test)]
mod described;
pub mod endpoint;
pub mod event_details;
pub mod fields;
pub mod international;
pub mod invoice;
pub mod listed;
pub mod message_list;
pub mod messages;
pub mod number;
pub mod problem;
pub mod push;
pub mod recovery;
pub mod settlement;
pub mod shipment;
pub mod stored;
pub mod tracked;
pub mod values;
