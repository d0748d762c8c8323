//! Works off a batch of messages: groups side by side, the messages of a group one after the other.
//!
//! A FIFO queue locks a group as long as one of its messages is neither deleted nor visible again. So when a message
//! must be tried later, it alone gets the delay and the rest of its group becomes visible at once, behind it: the queue
//! hands none of them out before the head. A message that makes the handler panic fails alone.
//!
//! Lambda deletes what is worked off only when the invocation returns. A batch that lasts longer than a moment does not
//! wait for its slowest group: it deletes and hands back what is finished, so that those groups go on elsewhere.

use std::collections::BTreeMap;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use aws_lambda_events::event::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent, SqsMessage};
use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::{
    ChangeMessageVisibilityBatchRequestEntry, DeleteMessageBatchRequestEntry,
};
use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt};
use tokio::time::sleep;

use crate::queue::received::{GROUP, ReceivedMessage};

/// The delay of a message whose handling panicked.
const AFTER_PANIC: Duration = Duration::from_secs(5);
/// The queue's longest visibility timeout.
const LONGEST_DELAY: Duration = Duration::from_hours(12);
/// How long finished messages wait for the rest of their batch: most endpoints answer sooner.
const A_MOMENT: Duration = Duration::from_secs(1);

/// What becomes of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is worked off: delete it.
    Done,
    /// Hand it out again after this long.
    Later(Duration),
}

/// A queue whose messages are worked off.
#[derive(Debug, Clone)]
pub struct Batches {
    client: Client,
    queue_url: String,
}

impl Batches {
    /// The queue of that URL.
    pub fn new(client: Client, queue_url: String) -> Self {
        Self { client, queue_url }
    }

    /// Handles every message of an event and says which ones are not worked off.
    pub async fn work_off<H, F>(&self, event: SqsEvent, handle: H) -> SqsBatchResponse
    where
        H: Fn(ReceivedMessage) -> F,
        F: Future<Output = Fate>,
    {
        let groups = by_group(event.records);
        let mut running: FuturesUnordered<_> = groups
            .into_iter()
            .map(|group| in_sequence(group, &handle))
            .collect();
        let mut moment = Box::pin(sleep(A_MOMENT).fuse());
        let mut is_late = false;
        let mut unreported = Worked::default();
        let mut response = SqsBatchResponse::default();
        loop {
            futures::select_biased! {
                worked = running.next() => match worked {
                    Some(worked) => unreported.add(worked, &mut response),
                    None => break,
                },
                () = moment => is_late = true,
            }
            if is_late {
                self.report(&mut unreported).await;
            }
        }
        self.hand_back(&unreported.left).await;
        response
    }

    /// Deletes and hands back what is finished, instead of leaving it to the end of the invocation.
    async fn report(&self, worked: &mut Worked) {
        let Worked { done, left } = std::mem::take(worked);
        self.delete(&done).await;
        self.hand_back(&left).await;
    }

    /// Deletes messages. Should that fail, Lambda deletes them when the invocation returns.
    async fn delete(&self, receipt_handles: &[String]) {
        let entry = |(index, handle): (usize, &String)| {
            DeleteMessageBatchRequestEntry::builder()
                .id(index.to_string())
                .receipt_handle(handle)
                .build()
                .ok()
        };
        let entries: Vec<_> = receipt_handles
            .iter()
            .enumerate()
            .filter_map(entry)
            .collect();
        if entries.is_empty() {
            return;
        }
        let deleted = self
            .client
            .delete_message_batch()
            .queue_url(&self.queue_url)
            .set_entries(Some(entries))
            .send()
            .await;
        if let Err(error) = deleted {
            let error = crate::telemetry::chain(&error);
            tracing::warn!(
                error,
                "finished messages not deleted yet: Lambda deletes them after the batch"
            );
        }
    }

    /// Sets the delay of each message that is left. Should that fail, the queue's own visibility timeout applies.
    async fn hand_back(&self, left: &[Left]) {
        let entries: Vec<_> = left
            .iter()
            .enumerate()
            .filter_map(|(index, left)| left.entry(index))
            .collect();
        if entries.is_empty() {
            return;
        }
        let changed = self
            .client
            .change_message_visibility_batch()
            .queue_url(&self.queue_url)
            .set_entries(Some(entries))
            .send()
            .await;
        if let Err(error) = changed {
            let error = crate::telemetry::chain(&error);
            tracing::warn!(
                error,
                messages = left.len(),
                "delays of messages not set: the visibility timeout applies"
            );
        }
    }
}

/// What became of a group's messages.
#[derive(Debug, Default)]
struct Worked {
    /// Receipt handles of what is worked off.
    done: Vec<String>,
    /// What is not.
    left: Vec<Left>,
}

impl Worked {
    fn add(&mut self, worked: Self, response: &mut SqsBatchResponse) {
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

/// A message that is not worked off.
#[derive(Debug, Clone)]
struct Left {
    message_id: Option<String>,
    receipt_handle: Option<String>,
    delay: Duration,
}

impl Left {
    fn new(message: &SqsMessage, delay: Duration) -> Self {
        Self {
            message_id: message.message_id.clone(),
            receipt_handle: message.receipt_handle.clone(),
            delay,
        }
    }

    fn entry(&self, index: usize) -> Option<ChangeMessageVisibilityBatchRequestEntry> {
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

fn by_group(messages: Vec<SqsMessage>) -> Vec<Vec<SqsMessage>> {
    let mut groups: BTreeMap<String, Vec<SqsMessage>> = BTreeMap::new();
    for message in messages {
        let group = message.attributes.get(GROUP).cloned().unwrap_or_default();
        groups.entry(group).or_default().push(message);
    }
    groups.into_values().collect()
}

async fn in_sequence<H, F>(group: Vec<SqsMessage>, handle: &H) -> Worked
where
    H: Fn(ReceivedMessage) -> F,
    F: Future<Output = Fate>,
{
    let mut worked = Worked::default();
    let mut messages = group.into_iter();
    for message in messages.by_ref() {
        let left = Left::new(&message, AFTER_PANIC);
        let handled = handle(ReceivedMessage::read(message));
        match AssertUnwindSafe(handled).catch_unwind().await {
            Ok(Fate::Done) => {
                worked.done.extend(left.receipt_handle);
                continue;
            }
            Ok(Fate::Later(delay)) => worked.left.push(Left { delay, ..left }),
            Err(_) => {
                let sqs_message_id = left.message_id.as_deref();
                tracing::error!(sqs_message_id, "message's handler panicked");
                worked.left.push(left);
            }
        }
        break;
    }
    worked
        .left
        .extend(messages.map(|message| Left::new(&message, Duration::ZERO)));
    worked
}
