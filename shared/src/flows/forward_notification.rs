//! Forwards one notification to one endpoint: parse, sign, POST, record the outcome, say what becomes of the message.

use std::borrow::Cow;
use std::time::Duration;

use aws_lambda_events::event::sqs::SqsMessage;
use futures::lock::Mutex;
use jiff::Timestamp;
use tokio::time::Instant;

use crate::clock;
use crate::delivery::attempt::{Attempted, Delivery, LIMITS, attempt};
use crate::delivery::policy::{self, Situation, Verdict};
use crate::delivery::successes::Successes;
use crate::domain::delivery::{Attempt, AttemptEnd, DeliveryRecord, instant};
use crate::domain::endpoint::{Disabled, DisabledReason, GiveUpAfter, WebhookEndpoint};
use crate::outbound::client::Outbound;
use crate::queue::batch::Fate;
use crate::queue::dead_letter::{DeadLetter, LANE};
use crate::queue::sender::Sender;
use crate::queue::task::{DeliveryTask, Task};
use crate::store::deliveries::Deliveries;
use crate::store::endpoints::Endpoints;
use crate::store::failure::StoreFailure;
use crate::store::keys::Key;
use crate::store::notifications::{Notifications, expiry};

/// What is left of the function's time must hold an attempt and its record.
const TIME_FOR_AN_ATTEMPT: Duration = Duration::from_secs(LIMITS.total.as_secs() + 5);
/// A message that was handed out so much more often than it was attempted may crash the function. It may also have
/// waited behind others that failed, or for a store that was down: so from then on each attempt is marked when it begins.
const MOST_UNTRIED: u32 = 5;
/// A message of which so many marked attempts saw no end crashes the function.
const MOST_CRASHES: u32 = 5;
/// When our own state cannot be read or written, try again after this.
const AFTER_STORE_FAILURE: Duration = Duration::from_secs(10);

/// What forwarding needs.
#[derive(Debug)]
pub struct Forwarder {
    /// The endpoints.
    pub endpoints: Endpoints,
    /// The notifications, for payloads that are too large for a message.
    pub notifications: Notifications,
    /// The records of deliveries.
    pub deliveries: Deliveries,
    /// The way out.
    pub outbound: Outbound,
    /// Where messages go that cannot be processed.
    pub dead_letters: Sender,
    /// How long records are kept, in days; 0 keeps them for ever.
    pub ttl_days: u32,
    /// The turn of the messages that may crash the function.
    pub suspects: Suspects,
    /// What this instance knows of endpoints that take something.
    pub successes: Successes,
}

/// Messages that may crash the function take turns, so that a crash is blamed on none that was merely under way.
#[derive(Debug, Default)]
pub struct Suspects {
    turn: Mutex<()>,
}

/// Forwards what stands in a message, if the time until `end` holds an attempt.
pub async fn forward_notification(
    forwarder: &Forwarder,
    message: SqsMessage,
    end: Instant,
) -> Fate {
    let body = message.body.as_deref().unwrap_or_default();
    let Ok(Task::Delivery(task)) = serde_json::from_str::<Task>(body) else {
        return bury(forwarder, &message, "the message cannot be read").await;
    };
    if !holds_an_attempt(end) {
        return Fate::Later(Duration::ZERO);
    }
    match deliver(forwarder, &message, &task, end).await {
        Ok(fate) => fate,
        Err(error) => {
            let error = crate::telemetry::chain(&error);
            tracing::error!(
                delivery_id = task.delivery_id,
                error,
                "a delivery could not be worked on"
            );
            Fate::Later(AFTER_STORE_FAILURE)
        }
    }
}

async fn deliver(
    forwarder: &Forwarder,
    message: &SqsMessage,
    task: &DeliveryTask,
    end: Instant,
) -> Result<Fate, StoreFailure> {
    let key = Key {
        pk: task.record.pk.clone(),
        sk: task.record.sk.clone(),
    };
    let handed_out = handed_out(message);
    let record = if handed_out > 1 || task.resend {
        forwarder.deliveries.get(&key).await?
    } else {
        None
    };
    let record = record.unwrap_or_else(|| {
        DeliveryRecord::new(expiry(instant(task.accepted_at), forwarder.ttl_days))
    });
    if record.has_ended() || record.generation() > task.generation {
        return Ok(Fate::Done);
    }
    if handed_out.saturating_sub(record.attempts_of_this_generation()) <= MOST_UNTRIED {
        return attempt_and_record(forwarder, task, &key, record).await;
    }
    let _alone = forwarder.suspects.turn.lock().await;
    if !holds_an_attempt(end) {
        return Ok(Fate::Later(Duration::ZERO));
    }
    if record.begun >= MOST_CRASHES {
        let reason = "the message crashed the function repeatedly";
        return Ok(bury(forwarder, message, reason).await);
    }
    match begin(forwarder, &key, record).await? {
        Some(record) => attempt_and_record(forwarder, task, &key, record).await,
        None => Ok(Fate::Later(AFTER_STORE_FAILURE)),
    }
}

fn holds_an_attempt(end: Instant) -> bool {
    end.saturating_duration_since(Instant::now()) >= TIME_FOR_AN_ATTEMPT
}

/// Marks that an attempt begins; `None` if somebody else changed the record.
async fn begin(
    forwarder: &Forwarder,
    key: &Key,
    record: DeliveryRecord,
) -> Result<Option<DeliveryRecord>, StoreFailure> {
    let marked = DeliveryRecord {
        begun: record.begun + 1,
        ..record
    };
    let written = forwarder.deliveries.put(key, &marked, marked.attempts);
    Ok(written.await?.then_some(marked))
}

async fn attempt_and_record(
    forwarder: &Forwarder,
    task: &DeliveryTask,
    key: &Key,
    record: DeliveryRecord,
) -> Result<Fate, StoreFailure> {
    let now = clock::now();
    let endpoint = forwarder
        .endpoints
        .find(&task.client_id, &task.endpoint_id)
        .await?;
    let endpoint = endpoint.as_deref();
    let attempted = try_once(forwarder, task, key, endpoint, now).await?;
    learn(forwarder, task, &attempted.attempt);
    let verdict = judge(forwarder, task, &record, endpoint, &attempted, now).await?;
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
    write_down(forwarder, key, record, attempted.attempt, verdict).await?;
    Ok(match verdict {
        Verdict::Done | Verdict::GiveUp => Fate::Done,
        Verdict::Retry(wait) => Fate::Later(wait),
    })
}

async fn try_once(
    forwarder: &Forwarder,
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
    let Some(payload) = payload(forwarder, task, key).await? else {
        return Ok(untried(AttemptEnd::Expired));
    };
    let delivery = Delivery {
        id: &task.delivery_id,
        body: &payload,
        replayed: task.replayed,
    };
    Ok(attempt(&forwarder.outbound, endpoint, delivery, now).await)
}

/// The payload: from the message, or from the notification where it is too large for one.
async fn payload<'a>(
    forwarder: &Forwarder,
    task: &'a DeliveryTask,
    key: &Key,
) -> Result<Option<Cow<'a, str>>, StoreFailure> {
    if let Some(payload) = &task.payload {
        return Ok(Some(Cow::Borrowed(payload)));
    }
    let stored = forwarder.notifications.get(&key.notification()).await?;
    let payload = stored.map(|stored| stored.payload()).transpose()?.flatten();
    Ok(payload.map(Cow::Owned))
}

/// Notes what an attempt says of the endpoint for its other deliveries.
fn learn(forwarder: &Forwarder, task: &DeliveryTask, attempt: &Attempt) {
    if attempt.end == AttemptEnd::Accepted {
        let at = instant(attempt.at);
        forwarder
            .successes
            .note(&task.client_id, &task.endpoint_id, at);
    }
}

/// Switches off an endpoint that answered that it is gone. Tells whether it leads elsewhere by now, which this instance
/// did not know: then it stays on.
async fn disable_if_gone(
    forwarder: &Forwarder,
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
    if forwarder.endpoints.disable(endpoint, disabled).await? {
        tracing::warn!(
            client_id = %endpoint.client_id,
            endpoint_id = %endpoint.id,
            reason = %disabled.reason,
            "the endpoint was disabled"
        );
        return Ok(false);
    }
    let present = forwarder
        .endpoints
        .find(&endpoint.client_id, &endpoint.id)
        .await?;
    Ok(present.is_some_and(|present| present.enabled && present.url != endpoint.url))
}

async fn judge(
    forwarder: &Forwarder,
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
        others_succeed: others_succeed(forwarder, task, record),
        moved: disable_if_gone(forwarder, endpoint, &attempted.attempt).await?,
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
fn others_succeed(forwarder: &Forwarder, task: &DeliveryTask, record: &DeliveryRecord) -> bool {
    record.latest_first().next().is_some_and(|previous| {
        forwarder.successes.are_known_since(
            &task.client_id,
            &task.endpoint_id,
            instant(previous.at),
        )
    })
}

/// Records an attempt; where somebody else recorded one meanwhile, after theirs.
async fn write_down(
    forwarder: &Forwarder,
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
        if forwarder.deliveries.put(key, &after, before).await? {
            return Ok(());
        }
        record = match forwarder.deliveries.get(key).await? {
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

/// Sends a message to the dead-letter queue as it is, so that it holds up nobody and can be looked at.
async fn bury(forwarder: &Forwarder, message: &SqsMessage, reason: &str) -> Fate {
    let id = message.message_id.as_deref().unwrap_or_default();
    let letter = DeadLetter {
        body: message
            .body
            .as_deref()
            .filter(|body| !body.is_empty())
            .unwrap_or("(empty)"),
        message_id: id,
        lane: lane(message),
        reason,
    };
    match forwarder.dead_letters.bury(letter).await {
        Ok(()) => {
            tracing::error!(
                message_id = id,
                reason,
                "a message went to the dead-letter queue"
            );
            Fate::Done
        }
        Err(error) => {
            tracing::error!(
                message_id = id,
                error = crate::telemetry::chain(&error),
                "the dead-letter queue is unavailable"
            );
            Fate::Later(AFTER_STORE_FAILURE)
        }
    }
}

/// The lane of a message. One that the queue's own redrive brought back has it beside its body: its group is its own.
fn lane(message: &SqsMessage) -> &str {
    let kept = message.message_attributes.get(LANE);
    kept.and_then(|attribute| attribute.string_value.as_deref())
        .or_else(|| message.attributes.get("MessageGroupId").map(String::as_str))
        .unwrap_or_default()
}

/// How often the queue has handed the message out.
fn handed_out(message: &SqsMessage) -> u32 {
    message
        .attributes
        .get("ApproximateReceiveCount")
        .and_then(|count| count.parse().ok())
        .unwrap_or(1)
}
