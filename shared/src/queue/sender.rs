//! Sends tasks to the delivery queue, and messages that cannot be processed to the dead-letter queue.

use aws_sdk_sqs::Client;
use aws_sdk_sqs::operation::send_message::builders::SendMessageFluentBuilder;
use aws_sdk_sqs::types::SendMessageBatchRequestEntry;
use futures::future::try_join_all;
use sha2::{Digest, Sha256};

use crate::queue::dead_letter::{self, DeadLetter};
use crate::queue::task::{DeliveryTask, Task};

/// The maximum number of messages per call.
const MOST_MESSAGES: usize = 10;
/// The maximum total size of the messages of a call, in bytes.
const MOST_BYTES: usize = 256 * 1024;

/// Sending failed; the message may have arrived anyway.
#[derive(Debug, thiserror::Error)]
#[error("the message was not sent")]
pub struct NotSent(#[source] Box<dyn std::error::Error + Send + Sync>);

/// A FIFO queue for sending.
#[derive(Debug, Clone)]
pub struct Sender {
    client: Client,
    queue_url: String,
}

impl Sender {
    /// The queue with this URL.
    pub fn new(client: Client, queue_url: String) -> Self {
        Self { client, queue_url }
    }

    /// Sends deliveries, each to its lane, with as few calls as possible. The queue drops a repeated send within five
    /// minutes.
    pub async fn send_all(&self, deliveries: Vec<(DeliveryTask, u64)>) -> Result<(), NotSent> {
        let messages: Vec<OutgoingTask> = deliveries
            .into_iter()
            .map(|(task, lane)| OutgoingTask::of(task, lane))
            .collect::<Result<_, _>>()?;
        let batches = batches(messages)
            .into_iter()
            .map(|batch| self.send_batch(batch));
        try_join_all(batches).await?;
        Ok(())
    }

    async fn send_batch(&self, mut batch: Vec<OutgoingTask>) -> Result<(), NotSent> {
        if batch.len() == 1
            && let Some(only) = batch.pop()
        {
            return self
                .send_raw(only.body, &only.group, &only.deduplication)
                .await;
        }
        let entries: Vec<_> = batch
            .into_iter()
            .enumerate()
            .map(|(index, message)| message.entry(index))
            .collect::<Result<_, _>>()?;
        let sent = self
            .client
            .send_message_batch()
            .queue_url(&self.queue_url)
            .set_entries(Some(entries))
            .send()
            .await
            .map_err(|error| NotSent(error.into()))?;
        match sent.failed.first() {
            None => Ok(()),
            Some(failed) => Err(NotSent(
                format!(
                    "{} of a batch were not sent: {}",
                    sent.failed.len(),
                    failed.code
                )
                .into(),
            )),
        }
    }

    /// Sends a message with an unchanged body.
    pub async fn send_raw(
        &self,
        body: String,
        group: &str,
        deduplication: &str,
    ) -> Result<(), NotSent> {
        let message = self.message(body, group, deduplication);
        message
            .send()
            .await
            .map_err(|error| NotSent(error.into()))?;
        Ok(())
    }

    /// Sends a message that cannot be processed to the dead-letter queue, in its own group.
    pub async fn bury(&self, letter: DeadLetter<'_>) -> Result<(), NotSent> {
        let id = letter.message_id;
        let mut message = self.message(letter.body.to_owned(), id, id);
        for (name, value) in dead_letter::attributes(&letter) {
            message = message.message_attributes(name, value);
        }
        message
            .send()
            .await
            .map_err(|error| NotSent(error.into()))?;
        Ok(())
    }

    fn message(&self, body: String, group: &str, deduplication: &str) -> SendMessageFluentBuilder {
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
}

impl OutgoingTask {
    fn of(task: DeliveryTask, lane: u64) -> Result<Self, NotSent> {
        Ok(Self {
            group: format!("{}:{}:{lane}", task.client_id, task.endpoint_id),
            deduplication: deduplication_id(&task),
            body: serde_json::to_string(&Task::Delivery(task))
                .map_err(|error| NotSent(error.into()))?,
        })
    }

    fn entry(self, index: usize) -> Result<SendMessageBatchRequestEntry, NotSent> {
        SendMessageBatchRequestEntry::builder()
            .id(index.to_string())
            .message_body(self.body)
            .message_group_id(self.group)
            .message_deduplication_id(self.deduplication)
            .build()
            .map_err(|error| NotSent(error.into()))
    }
}

/// Splits messages into calls, in order.
fn batches(messages: Vec<OutgoingTask>) -> Vec<Vec<OutgoingTask>> {
    let mut batches: Vec<Vec<OutgoingTask>> = Vec::new();
    let mut bytes = 0;
    for message in messages {
        let fits = bytes + message.body.len() <= MOST_BYTES;
        match batches.last_mut() {
            Some(batch) if batch.len() < MOST_MESSAGES && fits => {
                bytes += message.body.len();
                batch.push(message);
            }
            Some(_) | None => {
                bytes = message.body.len();
                batches.push(vec![message]);
            }
        }
    }
    batches
}

/// One per delivery and generation, in the queue's alphabet and length.
fn deduplication_id(task: &DeliveryTask) -> String {
    let digest = Sha256::new()
        .chain_update(&task.delivery_id)
        .chain_update(task.generation.to_be_bytes())
        .finalize();
    format!("{digest:x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(bytes: usize) -> OutgoingTask {
        OutgoingTask {
            body: "x".repeat(bytes),
            group: String::new(),
            deduplication: String::new(),
        }
    }

    fn cut(sizes: &[usize]) -> Vec<Vec<usize>> {
        let messages = sizes.iter().map(|bytes| message(*bytes)).collect();
        let sizes = |batch: &Vec<OutgoingTask>| batch.iter().map(|one| one.body.len()).collect();
        batches(messages).iter().map(sizes).collect()
    }

    #[test]
    fn a_call_takes_ten_messages_and_256_kib() {
        assert_eq!(cut(&[]), Vec::<Vec<usize>>::new());
        assert_eq!(cut(&[1; 21]), [vec![1; 10], vec![1; 10], vec![1]]);
        let (half, rest) = (MOST_BYTES / 2, MOST_BYTES / 2 + 1);
        assert_eq!(
            cut(&[half, half, rest, half]),
            [vec![half, half], vec![rest], vec![half]]
        );
    }
}
