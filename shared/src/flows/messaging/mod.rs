//! Messages of any kind: store and send them, and find them with their deliveries.

pub mod find_deliveries;
pub mod find_messages;
pub mod outbound_messages;
pub mod processing_messages;
pub mod publish_each;
pub mod publish_each_again;
pub mod publish_message;
pub mod publish_together;
pub mod send_invoice;
pub(in crate::flows) mod send_message;
pub mod tell_operator;
pub mod tell_standings;
