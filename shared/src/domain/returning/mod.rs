//! Return orders: what the client's channel sends back, what happens to it, and the state that follows from that.
//!
//! A return order is the announcement of goods that come back; the parcel in which they come is a shipment of type
//! RETURN. The state is never stored: it is the fold of the return's own events and of the pushes for its AWB.

pub mod channel_news;
pub mod code;
pub mod event;
pub mod judged_processing;
pub mod mark;
pub mod processing;
pub mod purchase;
pub mod return_order;
pub mod state;
pub mod timeline;
