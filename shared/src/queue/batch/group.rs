//! The messages of one group, in order, and what became of them.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use aws_lambda_events::event::sqs::{BatchItemFailure, SqsBatchResponse, SqsMessage};
use aws_sdk_sqs::types::ChangeMessageVisibilityBatchRequestEntry;
use futures::FutureExt as _;

use crate::queue::batch::{Fate, Handler};
use crate::queue::received::{GROUP, ReceivedMessage};

/// The delay of a message whose handler panicked.
const AFTER_PANIC: Duration = Duration::from_secs(5);
/// The longest visibility timeout that the queue supports.
const LONGEST_DELAY: Duration = Duration::from_hours(12);
// The tools that make the deployed build have defaults of their own.
const _: () = assert!(
    cfg!(panic = "unwind"),
    "a message whose handler panics must fail alone: the profile needs panic = \"unwind\""
);

/// The results of a group's messages.
#[derive(Debug, Default)]
pub(super) struct Worked {
    /// Receipt handles of finished messages.
    pub(super) done: Vec<String>,
    /// Unfinished messages.
    pub(super) left: Vec<Left>,
}

/// An unfinished message.
#[derive(Debug, Clone)]
pub(super) struct Left {
    /// Absent unless the message is one of the function's event: only these are in its response.
    message_id: Option<String>,
    receipt_handle: Option<String>,
    delay: Duration,
}

impl Worked {
    pub(super) fn is_empty(&self) -> bool {
        self.done.is_empty() && self.left.is_empty()
    }

    pub(super) fn handles(&self) -> impl Iterator<Item = &String> {
        let left = self.left.iter();
        let left = left.filter_map(|left| left.receipt_handle.as_ref());
        self.done.iter().chain(left)
    }

    pub(super) fn add(&mut self, worked: Self, response: &mut SqsBatchResponse) {
        let failures = worked
            .left
            .iter()
            .filter_map(|left| left.message_id.clone())
            .map(|id| {
                let mut failure = BatchItemFailure::default();
                failure.item_identifier = id;
                failure
            });
        response.batch_item_failures.extend(failures);
        self.done.extend(worked.done);
        self.left.extend(worked.left);
    }
}

impl Left {
    fn new(message: &SqsMessage, delay: Duration, is_own: bool) -> Self {
        Self {
            message_id: message.message_id.clone().filter(|_| is_own),
            receipt_handle: message.receipt_handle.clone(),
            delay,
        }
    }

    /// A message that is still being handled.
    pub(super) fn lent(receipt_handle: String, delay: Duration) -> Self {
        Self {
            message_id: None,
            receipt_handle: Some(receipt_handle),
            delay,
        }
    }

    pub(super) fn entry(&self, index: usize) -> Option<ChangeMessageVisibilityBatchRequestEntry> {
        let seconds = self.delay.min(LONGEST_DELAY).as_secs_f64().ceil();
        #[expect(clippy::cast_possible_truncation, reason = "at most 43200")]
        let seconds = seconds as i32;
        ChangeMessageVisibilityBatchRequestEntry::builder()
            .id(index.to_string())
            .receipt_handle(self.receipt_handle.clone()?)
            .visibility_timeout(seconds)
            .build()
            .ok()
    }
}

pub(super) fn by_group(messages: Vec<SqsMessage>) -> Vec<Vec<SqsMessage>> {
    let mut groups: BTreeMap<String, Vec<SqsMessage>> = BTreeMap::new();
    for message in messages {
        let group = message.attributes.get(GROUP).cloned().unwrap_or_default();
        groups.entry(group).or_default().push(message);
    }
    groups.into_values().collect()
}

/// Handles the messages of a group one after the other, until one is to be retried. `is_own`: they are of the function's
/// event.
pub(super) async fn in_sequence<H: Handler>(
    group: Vec<SqsMessage>,
    handler: &H,
    batch: Arc<H::Batch>,
    is_own: bool,
) -> Worked {
    let mut worked = Worked::default();
    let mut messages = group.into_iter();
    for message in messages.by_ref() {
        let left = Left::new(&message, AFTER_PANIC, is_own);
        // In a box: it is large, and the futures of groups are moved several times.
        let handling = Box::pin(handler.handle(&batch, ReceivedMessage::read(message)));
        match AssertUnwindSafe(handling).catch_unwind().await {
            Ok(Fate::Done) => {
                worked.done.extend(left.receipt_handle);
                continue;
            }
            Ok(Fate::Later(delay)) => worked.left.push(Left { delay, ..left }),
            Err(_) => {
                let sqs_message_id = left.message_id.as_deref();
                tracing::error!(sqs_message_id, "message handler panicked");
                worked.left.push(left);
            }
        }
        break;
    }
    worked
        .left
        .extend(messages.map(|message| Left::new(&message, Duration::ZERO, is_own)));
    worked
}
