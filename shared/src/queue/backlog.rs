//! The number of waiting messages in the delivery queue; requested only while an endpoint fails.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use aws_sdk_sqs::types::QueueAttributeName;

use crate::aws::Sqs;

/// The queue's own count is no more precise.
const REMEMBERED: Duration = Duration::from_secs(10);

/// The backlog of a queue.
#[derive(Debug)]
pub struct Backlog {
    client: Sqs,
    queue_url: String,
    known: Mutex<Option<(Instant, Option<u64>)>>,
}

impl Backlog {
    /// The backlog of the queue with this URL.
    pub fn new(client: Sqs, queue_url: String) -> Self {
        Self {
            client,
            queue_url,
            known: Mutex::default(),
        }
    }

    /// The approximate number of waiting messages, some seconds old; `None` if it is unavailable.
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
                tracing::warn!(error, "length of the delivery queue unavailable");
            });
        told.ok()?.attributes?.get(&name)?.parse().ok()
    }
}
