//! A message in the dead-letter queue: its body as it was, and beside it why it is there and where it belongs.
//!
//! Each is in a message group of its own. A FIFO queue shows of a group only the first messages until they are deleted,
//! so that in a common group one unreadable message would hide all behind it.

use aws_sdk_sqs::types::MessageAttributeValue;
use aws_sdk_sqs::types::builders::MessageAttributeValueBuilder;

/// The message attribute that says why the message is there.
pub const REASON: &str = "reason";
/// The message attribute that names the group that the message had in the delivery queue: its lane.
pub const LANE: &str = "lane";

/// A message that cannot be processed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetter<'a> {
    /// The body, as it came.
    pub body: &'a str,
    /// Its id in the delivery queue.
    pub message_id: &'a str,
    /// Its group in the delivery queue.
    pub lane: &'a str,
    /// Why it cannot be processed.
    pub reason: &'a str,
}

/// The attributes of a dead letter. One without text is left out: the queue takes none.
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
