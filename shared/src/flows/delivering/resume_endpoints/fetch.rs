//! Attempts a parked delivery and removes it unless it must stay.

use std::future::pending;

use tracing::Instrument;

use crate::clock;
use crate::delivery::policy::Verdict;
use crate::domain::endpoint::WebhookEndpoint;
use crate::domain::message::MessageKind;
use crate::flows::delivering::attempt_delivery::attempt_delivery;
use crate::flows::delivering::record_attempt::{Begun, begin, is_over, new_record, record_of};
use crate::flows::delivering::resume_endpoints::ResumeFailure;
use crate::flows::delivering::resume_endpoints::turn::Turn;
use crate::flows::delivering::traced::span_of;
use crate::queue::dead_letter::DeadLetter;
use crate::queue::task::{DeliveryTask, RecordKey, Task};
use crate::store::delivering::parked::Parked;
use crate::telemetry::metrics::{self, Metric};

/// The result of a parked delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fetched {
    /// It was delivered.
    Taken,
    /// It failed and stays parked.
    Failed,
    /// It was given up.
    GivenUp,
    /// It was given up because the endpoint answered that it is gone: the endpoint is disabled now.
    Gone,
    /// Nothing was left to do.
    Over,
}

impl Turn<'_> {
    /// Attempts a parked delivery at the endpoint as configured, and removes it unless it must stay.
    pub(super) async fn fetch(
        &self,
        parked: &Parked,
        configured: Option<&WebhookEndpoint>,
    ) -> Result<Fetched, ResumeFailure> {
        let waited = clock::now().as_millisecond() - parked.delivery.accepted_at;
        metrics::count(
            Metric::OldestWaiting,
            u64::try_from(waited / 1000).unwrap_or(0),
        );
        let task = self.task(parked);
        let span = span_of(&task);
        let delivering = self.deliver(parked, task, configured);
        delivering.instrument(span).await
    }

    async fn deliver(
        &self,
        parked: &Parked,
        task: DeliveryTask,
        configured: Option<&WebhookEndpoint>,
    ) -> Result<Fetched, ResumeFailure> {
        let attempting = &self.dependencies.attempting;
        let record = attempting.deliveries.get(&parked.delivery.record()).await?;
        let record = record.unwrap_or_else(|| new_record(attempting, &task));
        if is_over(&record, &task) {
            return self.remove(parked, Fetched::Over).await;
        }
        let record = if self.lease.was_left {
            match begin(attempting, &record_of(&task), record).await? {
                Begun::Marked(record) => record,
                Begun::Taken => return Ok(Fetched::Failed),
                Begun::Crashes => return self.bury(parked, task).await,
            }
        } else {
            record
        };
        // Here nothing else waits: a slow endpoint has all the time that an attempt may take.
        let attempted = attempt_delivery(attempting, &task, record, configured, pending());
        let outcome = attempted.await?;
        self.note(&outcome);
        match outcome.verdict {
            Verdict::Done => self.remove(parked, Fetched::Taken).await,
            Verdict::GiveUp if outcome.is_gone => self.remove(parked, Fetched::Gone).await,
            Verdict::GiveUp => self.remove(parked, Fetched::GivenUp).await,
            Verdict::Retry(_) => Ok(Fetched::Failed),
        }
    }

    fn task(&self, parked: &Parked) -> DeliveryTask {
        let record = parked.delivery.record();
        DeliveryTask {
            client_id: self.endpoint.client_id.clone(),
            endpoint_id: self.endpoint.endpoint_id.clone(),
            delivery_id: record.delivery_id(),
            message_kind: record.kind().unwrap_or(MessageKind::Notification),
            record: RecordKey {
                pk: record.pk,
                sk: record.sk,
            },
            accepted_at: parked.delivery.accepted_at,
            generation: parked.delivery.generation,
            resend: true,
            replayed: parked.delivery.replayed,
            // Like the request id, it is read from the message.
            correction: false,
            request_id: None,
            // It is long over.
            traceparent: None,
            payload: None,
        }
    }

    async fn remove(&self, parked: &Parked, fetched: Fetched) -> Result<Fetched, ResumeFailure> {
        self.dependencies.parked.remove(&parked.key).await?;
        Ok(fetched)
    }

    /// Sends a delivery that crashes the function to the dead-letter queue, so that it does not block others.
    async fn bury(&self, parked: &Parked, task: DeliveryTask) -> Result<Fetched, ResumeFailure> {
        let reason = "the message crashed the function repeatedly";
        let body = serde_json::to_string(&Task::Delivery(task))
            .map_err(|error| ResumeFailure::NotBuried(error.into()))?;
        let letter = DeadLetter {
            body: &body,
            message_id: &parked.key.sk,
            lane: &parked.key.pk.replace('#', ":"),
            reason,
        };
        let buried = self.dependencies.dead_letters.bury(letter).await;
        buried.map_err(|error| ResumeFailure::NotBuried(error.into()))?;
        tracing::error!(reason, "parked delivery sent to the dead-letter queue");
        self.remove(parked, Fetched::Over).await
    }
}
