//! Where messages go: one folder for each kind of destination, which makes a message a request and judges the reply.
//!
//! What follows a reply is not decided here but in `delivery`, and order and waiting are the queue's.

pub mod client_webhook;
