//! Attempts a delivery: find its body, send, judge, record.

use std::borrow::Cow;
use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use futures::future::{Either, select};
use jiff::Timestamp;
use tokio::time::Instant;

use crate::clock;
use crate::delivery::policy::{self, Verdict};
use crate::delivery::under_way::LONG;
use crate::destinations::client_webhook::attempt::{LIMITS, attempt};
use crate::destinations::{Attempted, Delivery};
use crate::domain::delivery::{Attempt, AttemptEnd, DeliveryRecord, instant};
use crate::domain::endpoint::WebhookEndpoint;
use crate::domain::endpoint_key::EndpointKey;
use crate::domain::failure_cause::FailureCause;
use crate::domain::message::MessageKind;
use crate::domain::operator_event::{About, OperatorEvent, OperatorEventKind};
use crate::domain::text::RequestId;
use crate::flows::delivering::dependencies::AttemptDependencies;
use crate::flows::delivering::judge_attempt::judge;
use crate::flows::delivering::record_attempt::{record_of, write_down};
use crate::queue::task::DeliveryTask;
use crate::store::failure::StoreFailure;
use crate::store::keys::Key;
use crate::telemetry::metrics::{self, Metric};
use crate::telemetry::set_field;

/// The remaining time of the function must suffice for an attempt and its record.
const TIME_FOR_AN_ATTEMPT: Duration = Duration::from_secs(LIMITS.total.as_secs() + 5);

/// The result of an attempt.
#[derive(Debug, Clone, Copy)]
pub(in crate::flows) struct Outcome {
    /// What happens to the delivery.
    pub(in crate::flows) verdict: Verdict,
    /// How the attempt ended.
    pub(in crate::flows) end: AttemptEnd,
    /// When the attempt began.
    pub(in crate::flows) at: Timestamp,
    /// How long it took.
    pub(in crate::flows) took: Duration,
    /// The endpoint's `Retry-After`.
    pub(in crate::flows) retry_after: Option<Duration>,
    /// Whether the endpoint answered that it is gone: then its configuration has changed since, by us or by its client.
    pub(in crate::flows) is_gone: bool,
}

impl Outcome {
    /// Whether the attempt got no answer, although it waited for one.
    pub(in crate::flows) fn is_unanswered(&self) -> bool {
        self.end == AttemptEnd::NoAnswer && self.took >= LONG
    }
}

/// Whether the time until `end` suffices for any attempt.
pub(in crate::flows) fn holds_an_attempt(end: Instant) -> bool {
    holds(end, TIME_FOR_AN_ATTEMPT)
}

/// Whether there is this much time until `end`.
pub(in crate::flows) fn holds(end: Instant, time: Duration) -> bool {
    end.saturating_duration_since(Instant::now()) >= time
}

/// The endpoint of a delivery.
pub(in crate::flows) fn endpoint_of(task: &DeliveryTask) -> EndpointKey {
    EndpointKey {
        client_id: task.client_id.clone(),
        endpoint_id: task.endpoint_id.clone(),
    }
}

/// Makes one attempt at the endpoint as configured, `None` if it was removed, and records it. The attempt ends without
/// an answer when `patience` does.
pub(in crate::flows) async fn attempt_delivery(
    dependencies: &AttemptDependencies,
    task: &DeliveryTask,
    record: DeliveryRecord,
    endpoint: Option<&WebhookEndpoint>,
    patience: impl Future<Output = ()>,
) -> Result<Outcome, StoreFailure> {
    let key = &record_of(task);
    let now = clock::now();
    let attempted = try_once(dependencies, task, key, endpoint, now, patience).await?;
    learn(dependencies, task, &attempted.attempt);
    let verdict = judge(dependencies, task, &record, endpoint, &attempted, now).await?;
    count(verdict, task.accepted_at, now);
    let retry_in = match verdict {
        Verdict::Retry(wait) => Some(wait.as_millis().try_into().unwrap_or(u64::MAX)),
        Verdict::Done | Verdict::GiveUp => None,
    };
    let not_delivered = (verdict != Verdict::Done).then_some(verdict);
    tracing::info!(
        outcome = %attempted.attempt.end,
        cause = attempted.attempt.cause.map(tracing::field::display),
        status = not_delivered.and(attempted.attempt.status),
        duration_ms = attempted.attempt.duration_ms,
        state = not_delivered.map(|verdict| display(verdict.state())),
        retry_in_ms = retry_in,
        "delivery attempted"
    );
    let outcome = Outcome {
        verdict,
        end: attempted.attempt.end,
        at: now,
        took: Duration::from_millis(attempted.attempt.duration_ms),
        retry_after: attempted.retry_after,
        is_gone: policy::is_gone(attempted.attempt.status),
    };
    write_down(dependencies, key, record, attempted.attempt, verdict).await?;
    add_up(dependencies, task, verdict, now);
    if verdict == Verdict::GiveUp && task.message_kind != MessageKind::OperatorEvent {
        let event = OperatorEvent {
            about: About::Endpoint(task.endpoint_id.clone()),
            kind: OperatorEventKind::DeliveriesGivenUp,
            reason: Some(outcome.end.to_string()),
            at: now,
        };
        Box::pin(dependencies.tell(&task.client_id, &event)).await;
    }
    Ok(outcome)
}

/// The age at `now` of a message that was accepted at this time, in epoch milliseconds.
fn age(accepted_at: i64, now: Timestamp) -> u64 {
    let age = now.as_millisecond().saturating_sub(accepted_at);
    u64::try_from(age).unwrap_or(0)
}

/// Adds a delivery that has ended to the statistics of its endpoint.
fn add_up(
    dependencies: &AttemptDependencies,
    task: &DeliveryTask,
    verdict: Verdict,
    now: Timestamp,
) {
    let statistics = &dependencies.statistics;
    let (client, endpoint) = (&task.client_id, task.endpoint_id.as_str());
    match verdict {
        Verdict::Done => statistics.delivered(client, endpoint, now, age(task.accepted_at, now)),
        Verdict::GiveUp => statistics.failed(client, endpoint, now),
        Verdict::Retry(_) => {}
    }
}

/// Counts a verdict about a message that was accepted at this time, in epoch milliseconds.
fn count(verdict: Verdict, accepted_at: i64, now: Timestamp) {
    let age = age(accepted_at, now);
    match verdict {
        Verdict::Done => metrics::count(Metric::DeliveryAge, age),
        Verdict::Retry(_) => {
            metrics::count(Metric::FailedAttempts, 1);
            metrics::count(Metric::OldestWaiting, age / 1000);
        }
        Verdict::GiveUp => {
            metrics::count(Metric::FailedAttempts, 1);
            metrics::count(Metric::GivenUp, 1);
        }
    }
}

async fn try_once(
    dependencies: &AttemptDependencies,
    task: &DeliveryTask,
    key: &Key,
    endpoint: Option<&WebhookEndpoint>,
    now: Timestamp,
    patience: impl Future<Output = ()>,
) -> Result<Attempted, StoreFailure> {
    let untried = |end| Attempted {
        attempt: Attempt {
            at: now.as_millisecond(),
            duration_ms: 0,
            end,
            cause: None,
            status: None,
        },
        retry_after: None,
    };
    let endpoint = match endpoint {
        None => return Ok(untried(AttemptEnd::Removed)),
        Some(endpoint) if !endpoint.enabled => return Ok(untried(AttemptEnd::Disabled)),
        Some(endpoint) => endpoint,
    };
    let Some(sent) = sent(dependencies, task, key).await? else {
        return Ok(untried(AttemptEnd::Expired));
    };
    let delivery = Delivery {
        id: &task.delivery_id,
        kind: task.message_kind,
        body: &sent.body,
        request_id: sent.request_id.as_deref(),
        traceparent: task.traceparent.as_ref(),
        replayed: task.replayed,
        correction: sent.correction,
    };
    let began = Instant::now();
    let trying = attempt(&dependencies.outbound, endpoint, delivery, now);
    Ok(match select(pin!(trying), pin!(patience)).await {
        Either::Left((attempted, _)) => attempted,
        Either::Right(((), _)) => without_answer(now, began.elapsed()),
    })
}

/// An attempt that was ended before there was an answer. The endpoint may have accepted it all the same.
fn without_answer(at: Timestamp, took: Duration) -> Attempted {
    Attempted {
        attempt: Attempt {
            at: at.as_millisecond(),
            duration_ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
            end: AttemptEnd::NoAnswer,
            cause: Some(FailureCause::ResponseTimeout),
            status: None,
        },
        retry_after: None,
    }
}

/// The content of a delivery.
struct Sent<'a> {
    body: Cow<'a, str>,
    request_id: Option<Cow<'a, RequestId>>,
    correction: bool,
}

/// The content of a delivery: from the task, or from the stored message if the task has no body. `None` if it has
/// expired.
async fn sent<'a>(
    dependencies: &AttemptDependencies,
    task: &'a DeliveryTask,
    key: &Key,
) -> Result<Option<Sent<'a>>, StoreFailure> {
    if let Some(body) = &task.payload {
        return Ok(Some(Sent {
            body: Cow::Borrowed(body),
            request_id: task.request_id.as_ref().map(Cow::Borrowed),
            correction: task.correction,
        }));
    }
    let stored = Box::pin(dependencies.messages.outgoing(&key.message())).await?;
    if let Some(request_id) = stored
        .as_ref()
        .and_then(|stored| stored.request_id.as_ref())
    {
        set_field("request_id", request_id);
    }
    Ok(stored.map(|stored| Sent {
        body: Cow::Owned(stored.body),
        request_id: stored.request_id.map(Cow::Owned),
        correction: stored.correction,
    }))
}

/// Records what an attempt tells about the endpoint for its other deliveries.
fn learn(dependencies: &AttemptDependencies, task: &DeliveryTask, attempt: &Attempt) {
    if attempt.end == AttemptEnd::Accepted {
        let at = instant(attempt.at);
        dependencies
            .successes
            .note(&task.client_id, &task.endpoint_id, at);
    }
}
