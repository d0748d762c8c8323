//! Sends tasks to the delivery queue and hopeless messages to the dead-letter queue.

use aws_sdk_sqs::Client;
use aws_sdk_sqs::operation::send_message::builders::SendMessageFluentBuilder;
use sha2::{Digest, Sha256};

use crate::queue::dead_letter::{self, DeadLetter};
use crate::queue::task::{DeliveryTask, Task};

/// The message was not sent; whether it arrived all the same is unknown.
#[derive(Debug, thiserror::Error)]
#[error("the message was not sent")]
pub struct NotSent(#[source] Box<dyn std::error::Error + Send + Sync>);

/// A FIFO queue to send to.
#[derive(Debug, Clone)]
pub struct Sender {
    client: Client,
    queue_url: String,
}

impl Sender {
    /// The queue of that URL.
    pub fn new(client: Client, queue_url: String) -> Self {
        Self { client, queue_url }
    }

    /// Sends a delivery into its lane. A repeat of the same send within five minutes is dropped by the queue.
    pub async fn send(&self, task: DeliveryTask, lane: u64) -> Result<(), NotSent> {
        let group = format!("{}:{}:{lane}", task.client_id, task.endpoint_id);
        let deduplication = deduplication_id(&task);
        let body =
            serde_json::to_string(&Task::Delivery(task)).map_err(|error| NotSent(error.into()))?;
        self.send_raw(body, &group, &deduplication).await
    }

    /// Sends a message as it is.
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

    /// Sends a message that nobody can process aside, in a group of its own.
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

/// One per delivery and generation: an id of the queue's own alphabet and length.
fn deduplication_id(task: &DeliveryTask) -> String {
    let digest = Sha256::new()
        .chain_update(&task.delivery_id)
        .chain_update(task.generation.to_be_bytes())
        .finalize();
    format!("{digest:x}")
}
