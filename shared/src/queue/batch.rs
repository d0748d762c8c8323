//! Processes a batch of messages: groups in parallel, the messages of a group in order.
//!
//! A FIFO queue locks a group until each of its received messages is deleted or visible again. If a message must be
//! retried later, only this message gets the delay; the rest of its group becomes visible at once, but the queue does
//! not return it before the delayed head. A message whose handler panics fails alone.
//!
//! Lambda deletes processed messages only when the invocation returns. A long batch does not wait for its slowest
//! group: it deletes or returns what is finished, so that other instances can continue these groups.

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

/// The delay of a message whose handler panicked.
const AFTER_PANIC: Duration = Duration::from_secs(5);
/// The longest visibility timeout that the queue supports.
const LONGEST_DELAY: Duration = Duration::from_hours(12);
/// How long finished messages wait for the rest of their batch: most endpoints respond sooner.
const A_MOMENT: Duration = Duration::from_secs(1);

/// What happens to a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is processed: delete it.
    Done,
    /// Return it to the queue and receive it again after this time.
    Later(Duration),
}

/// A queue whose messages are processed in batches.
#[derive(Debug, Clone)]
pub struct Batches {
    client: Client,
    queue_url: String,
}

impl Batches {
    /// The queue with this URL.
    pub fn new(client: Client, queue_url: String) -> Self {
        Self { client, queue_url }
    }

    /// Handles every message of an event and returns the ones that are not finished.
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

    /// Deletes or returns finished messages at once, instead of at the end of the invocation.
    async fn report(&self, worked: &mut Worked) {
        let Worked { done, left } = std::mem::take(worked);
        self.delete(&done).await;
        self.hand_back(&left).await;
    }

    /// Deletes messages. If that fails, Lambda deletes them when the invocation returns.
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

    /// Sets the delay of each unfinished message. If that fails, the queue's visibility timeout applies.
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

/// The results of a group's messages.
#[derive(Debug, Default)]
struct Worked {
    /// Receipt handles of finished messages.
    done: Vec<String>,
    /// Unfinished messages.
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

/// An unfinished message.
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
                tracing::error!(sqs_message_id, "message handler panicked");
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
