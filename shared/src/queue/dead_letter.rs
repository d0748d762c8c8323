//! A message in the dead-letter queue: its original body, with the reason and the original lane as attributes.
//!
//! Each has its own message group. A FIFO queue returns only the first messages of a group until they are deleted, so
//! in a common group one unreadable message would block all later ones.

use aws_sdk_sqs::types::MessageAttributeValue;
use aws_sdk_sqs::types::builders::MessageAttributeValueBuilder;

/// The message attribute with the reason.
pub const REASON: &str = "reason";
/// The message attribute with the group of the message in the delivery queue: its lane.
pub const LANE: &str = "lane";

/// A message that cannot be processed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetter<'a> {
    /// The original body.
    pub body: &'a str,
    /// Its id in the delivery queue.
    pub message_id: &'a str,
    /// Its group in the delivery queue.
    pub lane: &'a str,
    /// Why it cannot be processed.
    pub reason: &'a str,
}

/// The attributes of a dead letter. Empty ones are left out, because the queue does not accept them.
pub(super) fn attributes<'a>(
    letter: &DeadLetter<'a>,
) -> impl Iterator<Item = (&'static str, MessageAttributeValue)> + use<'a> {
    [(REASON, letter.reason), (LANE, letter.lane)]
        .into_iter()
        .filter(|(_, text)| !text.is_empty())
        .filter_map(|(name, text)| Some((name, string().string_value(text).build().ok()?)))
}

fn string() -> MessageAttributeValueBuilder {
    MessageAttributeValue::builder().data_type("String")
}
