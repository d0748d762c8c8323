//! The calls to the queue of a batch.

use aws_lambda_events::event::sqs::{SqsMessage, SqsMessageAttribute};
use aws_sdk_sqs::types::{
    DeleteMessageBatchRequestEntry, Message, MessageAttributeValue, MessageSystemAttributeName,
};
use tokio::time::Instant;

use crate::queue::batch::group::Left;
use crate::queue::batch::{AFTER_THE_END, Batches, until};

/// The maximum of a call.
const MOST_AT_ONCE: usize = 10;
const MOST_RECEIVED: i32 = 10;
/// How long a call waits for messages, in seconds.
const WAIT: i32 = 1;

impl Batches {
    /// Receives more messages, which are hidden from other instances until shortly after `end`. None if that fails.
    pub(super) async fn receive(&self, end: Instant) -> Vec<SqsMessage> {
        let hidden = until(end).saturating_add(AFTER_THE_END).as_secs();
        let received = self
            .client
            .receive_message()
            .queue_url(&self.queue_url)
            .max_number_of_messages(MOST_RECEIVED)
            .wait_time_seconds(WAIT)
            .visibility_timeout(i32::try_from(hidden).unwrap_or(i32::MAX))
            .message_system_attribute_names(MessageSystemAttributeName::All)
            .message_attribute_names("All")
            .send()
            .await;
        match received {
            Ok(received) => {
                let messages = received.messages.unwrap_or_default();
                messages.into_iter().map(as_in_event).collect()
            }
            Err(error) => {
                let error = crate::telemetry::chain(&error);
                tracing::warn!(error, "no more messages received during a long batch");
                Vec::new()
            }
        }
    }

    /// Deletes messages. If that fails, Lambda deletes those of its event when the invocation returns.
    pub(super) async fn delete(&self, receipt_handles: &[String]) {
        for some in receipt_handles.chunks(MOST_AT_ONCE) {
            self.delete_some(some).await;
        }
    }

    async fn delete_some(&self, receipt_handles: &[String]) {
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
                "finished messages not deleted yet: Lambda deletes them after the batch, or they are received again"
            );
        }
    }

    /// Sets the delay of each unfinished message. If that fails, the queue's visibility timeout applies.
    pub(super) async fn hand_back(&self, left: &[Left]) {
        for some in left.chunks(MOST_AT_ONCE) {
            self.hand_back_some(some).await;
        }
    }

    async fn hand_back_some(&self, left: &[Left]) {
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

/// A message as it would be in an event.
fn as_in_event(message: Message) -> SqsMessage {
    let attributes = message.attributes.unwrap_or_default().into_iter();
    let named = message.message_attributes.unwrap_or_default().into_iter();
    let mut received = SqsMessage::default();
    received.message_id = message.message_id;
    received.receipt_handle = message.receipt_handle;
    received.body = message.body;
    received.attributes = attributes
        .map(|(name, value)| (name.as_str().to_owned(), value))
        .collect();
    received.message_attributes = named
        .map(|(name, value)| (name, attribute(value)))
        .collect();
    received
}

fn attribute(value: MessageAttributeValue) -> SqsMessageAttribute {
    let mut attribute = SqsMessageAttribute::default();
    attribute.string_value = value.string_value;
    attribute.data_type = Some(value.data_type);
    attribute
}
