//! Attempts one delivery: find its endpoint and payload, POST, judge, record.

use std::borrow::Cow;
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use crate::clock;
use crate::delivery::policy::{self, Situation, Verdict};
use crate::delivery::successes::Successes;
use crate::destinations::client_webhook::attempt::{Attempted, Delivery, LIMITS, attempt};
use crate::domain::delivery::{Attempt, AttemptEnd, DeliveryRecord, instant};
use crate::domain::endpoint::{Disabled, DisabledReason, GiveUpAfter, WebhookEndpoint};
use crate::domain::endpoint_key::EndpointKey;
use crate::outbound::client::Outbound;
use crate::queue::task::DeliveryTask;
use crate::store::configuring::endpoints::Endpoints;
use crate::store::delivering::deliveries::Deliveries;
use crate::store::delivering::health::EndpointHealths;
use crate::store::failure::StoreFailure;
use crate::store::keys::Key;
use crate::store::notifying::notifications::{Notifications, expiry};

/// What is left of the function's time must hold an attempt and its record.
const TIME_FOR_AN_ATTEMPT: Duration = Duration::from_secs(LIMITS.total.as_secs() + 5);
/// A delivery of which so many marked attempts saw no end crashes the function.
const MOST_CRASHES: u32 = 5;

/// What attempting takes.
#[derive(Debug)]
pub struct AttemptDependencies {
    /// The endpoints.
    pub endpoints: Endpoints,
    /// How they fare.
    pub healths: EndpointHealths,
    /// The notifications, for payloads that are not at hand.
    pub notifications: Notifications,
    /// The records of deliveries.
    pub deliveries: Deliveries,
    /// The way out.
    pub outbound: Outbound,
    /// How long records are kept, in days; 0 keeps them for ever.
    pub ttl_days: u32,
    /// What this instance knows of endpoints that take something.
    pub successes: Successes,
}

/// What came of an attempt.
#[derive(Debug, Clone, Copy)]
pub(in crate::flows) struct Outcome {
    /// What follows for the delivery.
    pub(in crate::flows) verdict: Verdict,
    /// How the attempt ended.
    pub(in crate::flows) end: AttemptEnd,
    /// When it began.
    pub(in crate::flows) at: Timestamp,
    /// The endpoint's `Retry-After`.
    pub(in crate::flows) retry_after: Option<Duration>,
}

/// Whether a suspicious delivery may be attempted.
#[derive(Debug)]
pub(in crate::flows) enum Begun {
    /// It may, and that it begins is marked in this record.
    Marked(DeliveryRecord),
    /// It crashed the function too often.
    Crashes,
    /// Somebody else changed its record.
    Taken,
}

/// Whether the time until `end` holds an attempt.
pub(in crate::flows) fn holds_an_attempt(end: Instant) -> bool {
    end.saturating_duration_since(Instant::now()) >= TIME_FOR_AN_ATTEMPT
}

/// The endpoint of a delivery.
pub(in crate::flows) fn endpoint_of(task: &DeliveryTask) -> EndpointKey {
    EndpointKey {
        client_id: task.client_id.clone(),
        endpoint_id: task.endpoint_id.clone(),
    }
}

/// The key of a delivery's record.
pub(in crate::flows) fn record_of(task: &DeliveryTask) -> Key {
    Key {
        pk: task.record.pk.clone(),
        sk: task.record.sk.clone(),
    }
}

/// The record of a delivery that has none yet.
pub(in crate::flows) fn new_record(
    dispatch: &AttemptDependencies,
    task: &DeliveryTask,
) -> DeliveryRecord {
    DeliveryRecord::new(expiry(instant(task.accepted_at), dispatch.ttl_days))
}

/// Whether nothing is to be done for a task by what its delivery's record says.
pub(in crate::flows) fn is_over(record: &DeliveryRecord, task: &DeliveryTask) -> bool {
    record.has_ended() || record.generation() > task.generation
}

/// Marks that an attempt of a delivery begins that may crash the function, so that its crashes can be counted.
pub(in crate::flows) async fn begin(
    dispatch: &AttemptDependencies,
    key: &Key,
    record: DeliveryRecord,
) -> Result<Begun, StoreFailure> {
    if record.begun >= MOST_CRASHES {
        return Ok(Begun::Crashes);
    }
    let marked = DeliveryRecord {
        begun: record.begun + 1,
        ..record
    };
    let written = dispatch.deliveries.put(key, &marked, marked.attempts);
    Ok(if written.await? {
        Begun::Marked(marked)
    } else {
        Begun::Taken
    })
}

/// Makes one attempt and records it.
pub(in crate::flows) async fn attempt_delivery(
    dispatch: &AttemptDependencies,
    task: &DeliveryTask,
    record: DeliveryRecord,
) -> Result<Outcome, StoreFailure> {
    let key = &record_of(task);
    let now = clock::now();
    let endpoint = dispatch
        .endpoints
        .find(&task.client_id, &task.endpoint_id)
        .await?;
    let endpoint = endpoint.as_deref();
    let attempted = try_once(dispatch, task, key, endpoint, now).await?;
    learn(dispatch, task, &attempted.attempt);
    let verdict = judge(dispatch, task, &record, endpoint, &attempted, now).await?;
    tracing::info!(
        client_id = %task.client_id,
        endpoint_id = %task.endpoint_id,
        delivery_id = task.delivery_id,
        end = %attempted.attempt.end,
        status = attempted.attempt.status,
        duration_ms = attempted.attempt.duration_ms,
        ?verdict,
        "delivery attempted"
    );
    let outcome = Outcome {
        verdict,
        end: attempted.attempt.end,
        at: now,
        retry_after: attempted.retry_after,
    };
    write_down(dispatch, key, record, attempted.attempt, verdict).await?;
    Ok(outcome)
}

async fn try_once(
    dispatch: &AttemptDependencies,
    task: &DeliveryTask,
    key: &Key,
    endpoint: Option<&WebhookEndpoint>,
    now: Timestamp,
) -> Result<Attempted, StoreFailure> {
    let untried = |end| Attempted {
        attempt: Attempt {
            at: now.as_millisecond(),
            duration_ms: 0,
            end,
            status: None,
        },
        retry_after: None,
    };
    let endpoint = match endpoint {
        None => return Ok(untried(AttemptEnd::Removed)),
        Some(endpoint) if !endpoint.enabled => return Ok(untried(AttemptEnd::Disabled)),
        Some(endpoint) => endpoint,
    };
    let Some(payload) = payload(dispatch, task, key).await? else {
        return Ok(untried(AttemptEnd::Expired));
    };
    let delivery = Delivery {
        id: &task.delivery_id,
        body: &payload,
        replayed: task.replayed,
    };
    Ok(attempt(&dispatch.outbound, endpoint, delivery, now).await)
}

/// The payload: from the message, or from the notification where it is too large for one.
async fn payload<'a>(
    dispatch: &AttemptDependencies,
    task: &'a DeliveryTask,
    key: &Key,
) -> Result<Option<Cow<'a, str>>, StoreFailure> {
    if let Some(payload) = &task.payload {
        return Ok(Some(Cow::Borrowed(payload)));
    }
    let stored = dispatch.notifications.get(&key.notification()).await?;
    let payload = stored.map(|stored| stored.payload()).transpose()?.flatten();
    Ok(payload.map(Cow::Owned))
}

/// Notes what an attempt says of the endpoint for its other deliveries.
fn learn(dispatch: &AttemptDependencies, task: &DeliveryTask, attempt: &Attempt) {
    if attempt.end == AttemptEnd::Accepted {
        let at = instant(attempt.at);
        dispatch
            .successes
            .note(&task.client_id, &task.endpoint_id, at);
    }
}

/// Switches off an endpoint that answered that it is gone. Tells whether it leads elsewhere by now, which this instance
/// did not know: then it stays on.
async fn disable_if_gone(
    dispatch: &AttemptDependencies,
    endpoint: Option<&WebhookEndpoint>,
    attempt: &Attempt,
) -> Result<bool, StoreFailure> {
    let Some(endpoint) = endpoint.filter(|_| policy::is_gone(attempt.status)) else {
        return Ok(false);
    };
    let disabled = Disabled {
        reason: DisabledReason::Gone,
        at: instant(attempt.at),
    };
    if dispatch.endpoints.disable(endpoint, disabled).await? {
        tracing::warn!(
            client_id = %endpoint.client_id,
            endpoint_id = %endpoint.id,
            reason = %disabled.reason,
            "the endpoint was disabled"
        );
        return Ok(false);
    }
    let present = dispatch
        .endpoints
        .find(&endpoint.client_id, &endpoint.id)
        .await?;
    Ok(present.is_some_and(|present| present.enabled && present.url != endpoint.url))
}

async fn judge(
    dispatch: &AttemptDependencies,
    task: &DeliveryTask,
    record: &DeliveryRecord,
    endpoint: Option<&WebhookEndpoint>,
    attempted: &Attempted,
    now: Timestamp,
) -> Result<Verdict, StoreFailure> {
    let recovered_at = record.recovery.map(|recovery| recovery.at);
    let began = recovered_at.unwrap_or(task.accepted_at);
    let age = now.as_millisecond().saturating_sub(began);
    let status = attempted.attempt.status;
    let situation = Situation {
        end: attempted.attempt.end,
        status,
        retry_after: attempted.retry_after,
        failed: record.attempts_of_this_generation().saturating_add(1),
        refused: refusals(record, status),
        others_succeed: others_succeed(dispatch, task, record),
        moved: disable_if_gone(dispatch, endpoint, &attempted.attempt).await?,
        age: Duration::from_millis(u64::try_from(age).unwrap_or(0)),
        give_up_after: endpoint.map_or_else(GiveUpAfter::default, |known| known.give_up_after),
    };
    Ok(policy::decide(&situation, fastrand::f64()))
}

/// How many attempts in a row the endpoint refused, the one that it answered with `status` being the last. Of a long
/// record the middle is missing, but it keeps more of the end than this has to count.
fn refusals(record: &DeliveryRecord, status: Option<u16>) -> u32 {
    let since_recovery = usize::try_from(record.attempts_of_this_generation());
    let before = record
        .latest_first()
        .take(since_recovery.unwrap_or(usize::MAX))
        .map(|attempt| attempt.status);
    let refused = std::iter::once(status).chain(before);
    let refused = refused.take_while(|&status| policy::refuses(status));
    u32::try_from(refused.count()).unwrap_or(u32::MAX)
}

/// Whether the endpoint took another delivery after this one's previous attempt.
fn others_succeed(
    dispatch: &AttemptDependencies,
    task: &DeliveryTask,
    record: &DeliveryRecord,
) -> bool {
    record.latest_first().next().is_some_and(|previous| {
        dispatch
            .successes
            .are_known_since(&task.client_id, &task.endpoint_id, instant(previous.at))
    })
}

/// Records an attempt; where somebody else recorded one meanwhile, after theirs.
async fn write_down(
    dispatch: &AttemptDependencies,
    key: &Key,
    record: DeliveryRecord,
    attempt: Attempt,
    verdict: Verdict,
) -> Result<(), StoreFailure> {
    let generation = record.generation();
    let mut record = record;
    for _ in 0..3 {
        let before = record.attempts;
        let after = record.after(attempt.clone(), verdict.state());
        if dispatch.deliveries.put(key, &after, before).await? {
            return Ok(());
        }
        record = match dispatch.deliveries.get(key).await? {
            // What a recovery began is counted by its own message alone.
            Some(theirs) if theirs.has_ended() || theirs.generation() != generation => {
                return Ok(());
            }
            Some(theirs) => theirs,
            None => DeliveryRecord::new(after.expires_at),
        };
    }
    Err(StoreFailure::Unavailable(
        "the delivery's record changes all the time".into(),
    ))
}
