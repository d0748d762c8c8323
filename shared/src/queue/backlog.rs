//! How much waits in the delivery queue, asked only while an endpoint fails.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::QueueAttributeName;

/// The queue itself counts no more precisely.
const REMEMBERED: Duration = Duration::from_secs(10);

/// What waits in a queue.
#[derive(Debug)]
pub struct Backlog {
    client: Client,
    queue_url: String,
    known: Mutex<Option<(Instant, Option<u64>)>>,
}

impl Backlog {
    /// Of the queue of that URL.
    pub fn new(client: Client, queue_url: String) -> Self {
        Self {
            client,
            queue_url,
            known: Mutex::default(),
        }
    }

    /// How many messages wait, roughly and of some seconds ago; `None` if the queue does not say.
    pub async fn waiting(&self) -> Option<u64> {
        if let Some((since, waiting)) = *self.known.lock().unwrap_or_else(PoisonError::into_inner)
            && since.elapsed() < REMEMBERED
        {
            return waiting;
        }
        let waiting = self.count().await;
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) =
            Some((Instant::now(), waiting));
        waiting
    }

    async fn count(&self) -> Option<u64> {
        let name = QueueAttributeName::ApproximateNumberOfMessages;
        let told = self
            .client
            .get_queue_attributes()
            .queue_url(&self.queue_url)
            .attribute_names(name.clone())
            .send()
            .await
            .inspect_err(|error| {
                let error = crate::telemetry::chain(error);
                tracing::warn!(error, "length of the delivery queue not known");
            });
        told.ok()?.attributes?.get(&name)?.parse().ok()
    }
}
