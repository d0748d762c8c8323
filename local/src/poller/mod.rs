//! The event source mapping from a queue to a function.
//!
//! Messages are received with the queue's visibility timeout, passed to the function in batches, and deleted when it
//! succeeded; the others become visible again. A FIFO queue locks a group while one of its messages is in flight, so
//! batches can run side by side without changing the order. Messages that the event's filter excludes are deleted.
//!
//! The embedded SQS returns one message of a group per receive, AWS several. A batch here has at most one per group.

mod event;
mod outcome;

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use aws_sdk_sqs::types::{DeleteMessageBatchRequestEntry, Message, MessageSystemAttributeName};
use tokio::time::Instant;

use crate::instances::Function;
use crate::log::Log;
use crate::template::QueueEvent;
use logistics::aws::Sqs;
use outcome::Outcome;

/// Maximum concurrent batches of one queue; Lambda starts with the same number.
pub(crate) const BATCHES_AT_A_TIME: usize = 5;
/// The longest poll that SQS allows, and its maximum number of messages.
const LONG_POLL_SECONDS: i32 = 20;
const RECEIVE_AT_MOST: usize = 10;
/// Pause after an error of the queue.
const PAUSE: Duration = Duration::from_secs(1);

/// The mapping of a queue to a function.
#[derive(Debug, Clone)]
pub struct QueueMapping {
    /// The function to invoke.
    pub function: Arc<Function>,
    /// The template's settings.
    pub event: QueueEvent,
    /// Maximum concurrent batches; the template's settings may lower it.
    pub batches_at_a_time: usize,
    /// An SQS client.
    pub client: Sqs,
    /// URL of the queue.
    pub queue_url: String,
    /// ARN of the queue.
    pub queue_arn: String,
    /// Where errors are logged.
    pub log: Log,
}

impl QueueMapping {
    /// Polls the queue until the future is dropped.
    pub async fn run(self) {
        let pollers = self
            .event
            .maximum_concurrency
            .unwrap_or(self.batches_at_a_time)
            .min(self.batches_at_a_time);
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..pollers {
            tasks.spawn(self.clone().poll());
        }
        tasks.join_all().await;
    }

    async fn poll(self) {
        loop {
            if let Err(error) = self.poll_once().await {
                let text = format!("polling failed for {}: {error:#}", self.function.name());
                self.log.line("stack", &text);
                tokio::time::sleep(PAUSE).await;
            }
        }
    }

    /// Waits for messages and processes one batch.
    async fn poll_once(&self) -> anyhow::Result<()> {
        let received = self.gather().await.context("cannot receive messages")?;
        let passes = |message: &Message| {
            let body = message.body().unwrap_or_default();
            self.event.filter.lets_pass(body)
        };
        let (batch, filtered): (Vec<Message>, Vec<Message>) =
            received.into_iter().partition(passes);
        self.delete(filtered.iter().collect())
            .await
            .context("cannot delete filtered messages")?;
        if batch.is_empty() {
            return Ok(());
        }
        let event = event::build(&batch, &self.queue_arn);
        let answer = self.function.invoke(event.to_string().into()).await;
        let outcome = match answer {
            Ok(payload) if self.event.reports_item_failures => outcome::read(&payload, &batch),
            Ok(_) => Outcome::AllDone,
            Err(_) => Outcome::NoneDone,
        };
        if let Outcome::Unreadable(reason) = &outcome {
            let text = format!("invalid batch response from the function: {reason}");
            self.function.report(&text);
        }
        self.delete(outcome.done(&batch))
            .await
            .context("cannot delete processed messages")
    }

    /// Waits for the first messages, then adds those available at once or within the batching window.
    async fn gather(&self) -> anyhow::Result<Vec<Message>> {
        let mut batch = self
            .receive(self.event.batch_size, LONG_POLL_SECONDS)
            .await?;
        if batch.is_empty() {
            return Ok(batch);
        }
        let full_at = Instant::now() + self.event.batching_window;
        while let Some(missing) = self.event.batch_size.checked_sub(batch.len())
            && missing > 0
        {
            let left = full_at.saturating_duration_since(Instant::now());
            let seconds = i32::try_from(left.as_secs()).unwrap_or(i32::MAX);
            let more = self
                .receive(missing, seconds.min(LONG_POLL_SECONDS))
                .await?;
            if more.is_empty() && seconds == 0 {
                break;
            }
            batch.extend(more);
        }
        Ok(batch)
    }

    async fn receive(&self, at_most: usize, wait_seconds: i32) -> anyhow::Result<Vec<Message>> {
        let at_most = i32::try_from(at_most.min(RECEIVE_AT_MOST))?;
        let received = self
            .client
            .receive_message()
            .queue_url(&self.queue_url)
            .max_number_of_messages(at_most)
            .wait_time_seconds(wait_seconds)
            .message_system_attribute_names(MessageSystemAttributeName::All)
            .message_attribute_names("All")
            .send()
            .await?;
        Ok(received.messages.unwrap_or_default())
    }

    async fn delete(&self, done: Vec<&Message>) -> anyhow::Result<()> {
        for chunk in done.chunks(RECEIVE_AT_MOST) {
            let entries = chunk
                .iter()
                .enumerate()
                .map(|(index, message)| {
                    Ok(DeleteMessageBatchRequestEntry::builder()
                        .id(index.to_string())
                        .receipt_handle(message.receipt_handle().unwrap_or_default())
                        .build()?)
                })
                .collect::<anyhow::Result<Vec<_>>>()?;
            self.client
                .delete_message_batch()
                .queue_url(&self.queue_url)
                .set_entries(Some(entries))
                .send()
                .await?;
        }
        Ok(())
    }
}
