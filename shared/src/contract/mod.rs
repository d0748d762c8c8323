//! The JSON formats of RMS and their meaning.
//!
//! Each format is defined here once: for requests of clients, for requests to RMS Magic aggregators, and for messages
//! to clients. Input is read with [`fields`], which finds all violations at once; output is a struct that also
//! describes itself for `openapi.json`. Contradictions of the documents are resolved here and nowhere else.

pub mod account;
pub mod api_key;
pub mod audited;
pub mod booking;
pub mod channel_account;
pub mod checked_account;
pub mod configured;
pub mod console_link;
pub mod courier;
#[cfg(test)]
mod described;
pub mod described_requests;
pub mod described_values;
pub mod endpoint;
pub mod envelope;
pub mod event_details;
pub mod exchange;
pub mod exchange_body;
pub mod fields;
pub mod fulfilling;
mod held_numbers;
pub mod hook;
pub mod indented;
pub mod international;
pub mod invoice;
pub mod listed;
pub mod message_list;
pub mod messages;
pub mod number;
pub mod optional_fields;
pub mod partner_account;
pub mod prices;
pub mod pricing;
pub mod problem;
pub mod processing;
pub mod push;
pub mod recovery;
pub mod replay;
pub mod return_order;
pub mod selling;
pub mod settlement;
pub mod shipment;
pub mod stored;
pub(crate) mod surrogates;
pub mod tracked;
pub mod unmapped;
pub mod values;
