//! Where messages are sent: one folder per kind of destination. It turns a message into a request and judges the
//! response.
//!
//! `delivery` decides what happens after a response; the queue handles order and waiting.

use std::time::Duration;

use crate::domain::delivery::Attempt;
use crate::domain::message::MessageKind;
use crate::domain::text::RequestId;
use crate::domain::trace::TraceParent;

pub mod client_webhook;

/// A message to be delivered.
#[derive(Debug, Clone, Copy)]
pub struct Delivery<'a> {
    /// The delivery id, the same in every attempt.
    pub id: &'a str,
    /// The message kind.
    pub kind: MessageKind,
    /// The bytes of the body. The signature covers exactly these.
    pub body: &'a str,
    /// The request that caused the message, if known.
    pub request_id: Option<&'a RequestId>,
    /// The trace of that request.
    pub traceparent: Option<&'a TraceParent>,
    /// Whether the delivery was replayed or recovered.
    pub replayed: bool,
    /// Whether the message corrects an earlier one.
    pub correction: bool,
}

/// An attempt that was made, and what the destination asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempted {
    /// The attempt.
    pub attempt: Attempt,
    /// How long the destination asks us to wait (`Retry-After`).
    pub retry_after: Option<Duration>,
}
