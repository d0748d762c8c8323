//! Messages to a client's systems: the body of each kind, with a sample.

pub mod invoice;
pub mod logistics_status;
pub mod notification;
pub mod operator_event;
pub mod order_update;
pub mod outbound_confirmation;
pub mod outbound_order;
pub mod return_order_ack;
pub mod sample;
mod sample_order;

/// The valid kinds, as the end of the sentence "must be …".
pub const KINDS: &str = "a kind of message in capitals, such as INVOICE";
