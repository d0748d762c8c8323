//! Messages of any kind: make one durable and send it, and find what became of it.

pub mod find_deliveries;
pub mod find_messages;
pub mod publish_message;
pub mod send_invoice;
pub(in crate::flows) mod send_message;
