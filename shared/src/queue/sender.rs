//! Sends tasks to the delivery queue, and messages that cannot be processed to the dead-letter queue.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use aws_sdk_sqs::operation::send_message::builders::SendMessageInputBuilder;
use aws_sdk_sqs::types::SendMessageBatchRequestEntry;
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::time::sleep;

use crate::aws::Sqs;
use crate::digest::{Sha256, hex};
use crate::queue::dead_letter::{self, DeadLetter};
use crate::queue::task::{DeliveryTask, Task};
use crate::telemetry::metrics::{self, Metric};

/// The maximum number of messages per call.
const MOST_MESSAGES: usize = 10;
/// The maximum total size of the messages of a call, in bytes: 1 MiB, since August 2025.
const MOST_BYTES: usize = 1024 * 1024;
/// How many calls are made at once.
const CALLS_AT_ONCE: usize = 10;
/// The pauses before the messages of a call are sent again that the queue did not take.
const PAUSES: [Duration; 3] = [
    Duration::from_millis(50),
    Duration::from_millis(200),
    Duration::from_millis(800),
];

/// Sending failed; the message may have arrived anyway.
#[derive(Debug, thiserror::Error)]
#[error("the message was not sent")]
pub struct NotSent(#[source] Box<dyn std::error::Error + Send + Sync>);

impl NotSent {
    pub(super) fn new(cause: Box<dyn std::error::Error + Send + Sync>) -> Self {
        Self(cause)
    }
}

/// A FIFO queue for sending.
#[derive(Debug, Clone)]
pub struct Sender {
    client: Sqs,
    queue_url: String,
}

impl Sender {
    /// The queue with this URL.
    pub fn new(client: Sqs, queue_url: String) -> Self {
        Self { client, queue_url }
    }

    /// Sends deliveries, each to its lane, with as few calls as possible. The messages about a subject to an endpoint
    /// keep their order: none is sent before the queue has all earlier ones. The queue drops a repeated send within
    /// five minutes.
    pub async fn send_all(&self, deliveries: Vec<(DeliveryTask, u64)>) -> Result<(), NotSent> {
        let sent = u64::try_from(deliveries.len()).unwrap_or(u64::MAX);
        self.send_chained(deliveries).await?;
        if sent > 0 {
            metrics::count(Metric::Sent, sent);
        }
        Ok(())
    }

    async fn send_chained(&self, deliveries: Vec<(DeliveryTask, u64)>) -> Result<(), NotSent> {
        let mut messages: Vec<OutgoingTask> = deliveries
            .into_iter()
            .map(|(task, lane)| OutgoingTask::of(task, lane))
            .collect::<Result<_, _>>()?;
        if messages.len() == 1
            && let Some(only) = messages.pop()
        {
            return self
                .send_raw(only.body, &only.group, &only.deduplication)
                .await;
        }
        let mut waiting = chains(messages);
        let mut under_way = FuturesUnordered::new();
        loop {
            while under_way.len() < CALLS_AT_ONCE && !waiting.is_empty() {
                under_way.push(self.send_heads(next_call(&mut waiting)));
            }
            match under_way.next().await {
                Some(rest) => waiting.extend(rest?),
                None => return Ok(()),
            }
        }
    }

    /// Sends the first message of each chain, and returns what is left of them.
    async fn send_heads(&self, mut call: Vec<Chain>) -> Result<Vec<Chain>, NotSent> {
        let mut unsent: Vec<OutgoingTask> = call.iter_mut().filter_map(Chain::pop_front).collect();
        let mut pauses = PAUSES.iter();
        loop {
            let (left, reason) = self.send_batch(unsent).await?;
            if left.is_empty() {
                call.retain(|chain| !chain.is_empty());
                return Ok(call);
            }
            let refused = || format!("{} of a batch were not sent: {reason}", left.len());
            let pause = pauses.next().ok_or_else(|| NotSent(refused().into()))?;
            sleep(*pause).await;
            unsent = left;
        }
    }

    /// Sends messages with one call. Returns those that the queue did not take, with the reason of one of them.
    async fn send_batch(
        &self,
        mut messages: Vec<OutgoingTask>,
    ) -> Result<(Vec<OutgoingTask>, String), NotSent> {
        if let [only] = messages.as_slice() {
            let body = only.body.clone();
            self.send_raw(body, &only.group, &only.deduplication)
                .await?;
            return Ok(<_>::default());
        }
        let entries = messages.iter().enumerate();
        let entries: Vec<_> = entries
            .map(|(index, message)| message.entry(index))
            .collect::<Result<_, _>>()?;
        let batch = self
            .client
            .send_message_batch()
            .queue_url(&self.queue_url)
            .set_entries(Some(entries));
        let sent = self
            .client
            .send(batch)
            .await
            .map_err(|error| NotSent(error.into()))?;
        let reason = sent.failed.first().map(|failed| failed.code.clone());
        let failed: Vec<String> = sent.failed.into_iter().map(|failed| failed.id).collect();
        let mut index = 0..;
        messages.retain(|_| {
            let id = index.next().map(|index: usize| index.to_string());
            id.is_some_and(|id| failed.contains(&id))
        });
        Ok((messages, reason.unwrap_or_default()))
    }

    /// Sends a message with an unchanged body.
    pub async fn send_raw(
        &self,
        body: String,
        group: &str,
        deduplication: &str,
    ) -> Result<(), NotSent> {
        let message = self.message(body, group, deduplication);
        self.sent(message).await
    }

    /// Sends a message that cannot be processed to the dead-letter queue, in its own group.
    pub async fn bury(&self, letter: DeadLetter<'_>) -> Result<(), NotSent> {
        let id = letter.message_id;
        let mut message = self.message(letter.body.to_owned(), id, id);
        for (name, value) in dead_letter::attributes(&letter) {
            message = message.message_attributes(name, value);
        }
        self.sent(message).await?;
        metrics::count(Metric::DeadLetters, 1);
        Ok(())
    }

    async fn sent(&self, message: SendMessageInputBuilder) -> Result<(), NotSent> {
        let sent = self.client.send(message).await;
        sent.map(|_| ()).map_err(|error| NotSent(error.into()))
    }

    fn message(&self, body: String, group: &str, deduplication: &str) -> SendMessageInputBuilder {
        self.client
            .send_message()
            .queue_url(&self.queue_url)
            .message_body(body)
            .message_group_id(group)
            .message_deduplication_id(deduplication)
    }
}

/// A delivery in the format of the queue.
#[derive(Debug)]
struct OutgoingTask {
    body: String,
    group: String,
    deduplication: String,
    /// The partition of its message, which all messages about a subject have in common.
    subject: String,
}

impl OutgoingTask {
    fn of(task: DeliveryTask, lane: u64) -> Result<Self, NotSent> {
        Ok(Self {
            group: format!("{}:{}:{lane}", task.client_id, task.endpoint_id),
            deduplication: deduplication_id(&task),
            subject: task.record.pk.clone(),
            body: serde_json::to_string(&Task::Delivery(task))
                .map_err(|error| NotSent(error.into()))?,
        })
    }

    fn entry(&self, index: usize) -> Result<SendMessageBatchRequestEntry, NotSent> {
        SendMessageBatchRequestEntry::builder()
            .id(index.to_string())
            .message_body(&self.body)
            .message_group_id(&self.group)
            .message_deduplication_id(&self.deduplication)
            .build()
            .map_err(|error| NotSent(error.into()))
    }
}

/// Messages about one subject to one endpoint, in order. A call may fail for some of its messages only, so it takes at
/// most one of a chain.
type Chain = VecDeque<OutgoingTask>;

/// Splits messages into chains, in the order of their first messages.
fn chains(messages: Vec<OutgoingTask>) -> VecDeque<Chain> {
    let mut places: HashMap<(String, String), usize> = HashMap::new();
    let mut chains: VecDeque<Chain> = VecDeque::new();
    for message in messages {
        let key = (message.group.clone(), message.subject.clone());
        let place = *places.entry(key).or_insert(chains.len());
        match chains.get_mut(place) {
            Some(chain) => chain.push_back(message),
            None => chains.push_back([message].into()),
        }
    }
    chains
}

/// Takes the chains whose first messages fit into one call.
fn next_call(waiting: &mut VecDeque<Chain>) -> Vec<Chain> {
    let mut call: Vec<Chain> = Vec::new();
    let mut bytes = 0;
    while call.len() < MOST_MESSAGES
        && let Some(message) = waiting.front().and_then(Chain::front)
    {
        bytes += message.body.len();
        if bytes > MOST_BYTES && !call.is_empty() {
            break;
        }
        call.extend(waiting.pop_front());
    }
    call
}

/// One per delivery and generation, in the queue's alphabet and length.
fn deduplication_id(task: &DeliveryTask) -> String {
    let digest = Sha256::new()
        .chain_update(&task.delivery_id)
        .chain_update(task.generation.to_be_bytes())
        .finalize();
    hex(&digest)
}

#[cfg(test)]
mod tests;
