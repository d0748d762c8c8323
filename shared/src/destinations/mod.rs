//! Where messages go: one folder for each kind of destination, which makes a message a request and judges the reply.
//!
//! What follows a reply is not decided here but in `delivery`, and order and waiting are the queue's.

use std::time::Duration;

use crate::domain::delivery::Attempt;
use crate::domain::message::MessageKind;
use crate::domain::text::RequestId;

pub mod client_webhook;

/// What is delivered.
#[derive(Debug, Clone, Copy)]
pub struct Delivery<'a> {
    /// The id of the delivery: the same in every attempt.
    pub id: &'a str,
    /// The kind of the message.
    pub kind: MessageKind,
    /// The body's bytes: the signature covers exactly these.
    pub body: &'a str,
    /// The request that caused the message, where that is known.
    pub request_id: Option<&'a RequestId>,
    /// Whether it was replayed or recovered.
    pub replayed: bool,
}

/// An attempt that was made, and what the destination wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempted {
    /// The attempt.
    pub attempt: Attempt,
    /// How long the destination asks to be left alone (`Retry-After`).
    pub retry_after: Option<Duration>,
}
