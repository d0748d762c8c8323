//! Receives a push: authenticate, translate, store, send, respond.
//!
//! A 200 means durable: the record and one message per subscribed endpoint exist before we respond. If a send fails,
//! the response is 503 and the aggregator repeats the push; the repeat finds its own record and sends what is missing.

use jiff::Timestamp;

use crate::aggregators::{self, PushRejection};
use crate::contract::fields::Unreadable;
use crate::contract::push::PushStatus;
use crate::domain::endpoint::WebhookEndpoint;
use crate::domain::message::{MessageKind, Routing};
use crate::domain::text::{AggregatorName, RequestId};
use crate::domain::version::Version;
use crate::flows::messaging::send_message::{
    MessageToSend, ids_of, send, unattempted, unnamed, wanting,
};
use crate::flows::notifying::dependencies::PushDependencies;
use crate::flows::notifying::learn_shipment::learn;
use crate::flows::notifying::prove_push::ProvedPush;
use crate::flows::notifying::record_notification::{Came, payload, record, status};
use crate::flows::notifying::resolve_shipment::{Resolved, resolve_shipment};
use crate::queue::sender::NotSent;
use crate::store::failure::StoreFailure;
use crate::store::notifying::notifications::Stored;

/// How often the processing of a push is started at most, if its account is changed meanwhile.
const MOST_BEGINNINGS: usize = 3;

/// The result of one event of a push.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// Our id of the notification.
    pub notification_id: String,
    /// The result.
    pub status: PushStatus,
}

/// Why a push was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveFailure {
    /// The body could not be parsed: do not retry.
    #[error("the push could not be parsed")]
    Unreadable(Unreadable),
    /// The body contains a wrong proof.
    #[error("the push's proof is invalid")]
    Unproved,
    /// The push is too large to be stored: do not retry.
    #[error("the push is too large to be stored")]
    TooLarge,
    /// This version has no adapter for the account's aggregator: retry until a version with one is deployed.
    #[error("no adapter for the aggregator {0}")]
    UnknownAggregator(AggregatorName),
    /// The notification cannot be encoded, which is a bug: do not retry.
    #[error("the notification cannot be encoded")]
    NotEncoded(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The push was not stored: retry.
    #[error("the push was not stored")]
    NotStored(#[from] StoreFailure),
    /// The notification is stored, but not queued: retry.
    #[error("the notification was not sent")]
    NotSent(#[from] NotSent),
}

impl From<PushRejection> for ReceiveFailure {
    fn from(rejection: PushRejection) -> Self {
        match rejection {
            PushRejection::Unreadable(unreadable) => Self::Unreadable(unreadable),
            PushRejection::Unproved => Self::Unproved,
        }
    }
}

/// The result of a push that is processed with a cached account.
enum Taken<'a> {
    /// It was processed.
    In(Vec<Received>),
    /// The account has changed. Nothing was recorded yet; this is the push with the current account.
    Outdated(ProvedPush<'a>),
}

/// Processes every event of an authenticated push, in order. `request_id` is the push's and is passed on to its
/// messages.
pub async fn receive_notification(
    dependencies: &PushDependencies,
    push: &ProvedPush<'_>,
    request_id: &RequestId,
    now: Timestamp,
) -> Result<Vec<Received>, ReceiveFailure> {
    let mut push = push.clone();
    for _ in 0..MOST_BEGINNINGS {
        // Boxed, because the future of a push is nested more deeply than the compiler allows.
        match Box::pin(take(dependencies, &push, request_id, now)).await? {
            Taken::In(received) => return Ok(received),
            Taken::Outdated(present) => push = present,
        }
    }
    Err(StoreFailure::Contended.into())
}

async fn take<'a>(
    dependencies: &PushDependencies,
    push: &ProvedPush<'a>,
    request_id: &RequestId,
    now: Timestamp,
) -> Result<Taken<'a>, ReceiveFailure> {
    let account = push.account();
    let aggregator = aggregators::find_pushing(&account.aggregator)
        .ok_or_else(|| ReceiveFailure::UnknownAggregator(account.aggregator.clone()))?;
    let events = match aggregator.read_push(account, push.body) {
        Ok(events) => events,
        Err(rejection) => {
            let present = push.now(dependencies).await?;
            return outdated(push, present)?.ok_or_else(|| rejection.into());
        }
    };
    let mut received = Vec::with_capacity(events.len());
    for event in events {
        let PushDependencies {
            shipments,
            versions,
            ..
        } = dependencies;
        let (resolved, version) = resolve_shipment(shipments, versions, account, event).await?;
        if received.is_empty() {
            let present = push.as_of(dependencies, &version).await?;
            if let Some(outdated) = outdated(push, present)? {
                return Ok(outdated);
            }
        }
        let came = Came {
            at: now,
            request_id,
            status: status(account, &resolved.event),
            ttl_days: dependencies.ttl_days,
        };
        received.push(receive(dependencies, push, &resolved, &version, &came).await?);
    }
    Ok(Taken::In(received))
}

/// Whether the account of a push has changed. A push whose proof is now invalid is refused.
fn outdated<'a>(
    push: &ProvedPush<'_>,
    present: Option<ProvedPush<'a>>,
) -> Result<Option<Taken<'a>>, ReceiveFailure> {
    let present = present.ok_or(ReceiveFailure::Unproved)?;
    let is_the_same = present.is_for_the_account_of(push);
    Ok((!is_the_same).then_some(Taken::Outdated(present)))
}

async fn receive(
    dependencies: &PushDependencies,
    push: &ProvedPush<'_>,
    resolved: &Resolved,
    version: &Version,
    came: &Came<'_>,
) -> Result<Received, ReceiveFailure> {
    let account = push.account();
    let event = &resolved.event;
    let notification = event
        .meaning
        .word()
        .filter(|_| came.status == PushStatus::Accepted)
        .map(|word| resolved.notification(word, came.at));
    let body = notification.as_ref().map(payload).transpose();
    let body = body.map_err(|error| ReceiveFailure::NotEncoded(error.into()))?;
    let endpoints = match &notification {
        Some(_) => {
            let endpoints = &dependencies.endpoints;
            endpoints.all_as_of(&account.client_id, version).await?
        }
        None => [].into(),
    };
    let endpoints: Vec<&WebhookEndpoint> = match &notification {
        Some(notification) => {
            let routing = Routing {
                kind: MessageKind::Notification,
                notification_type: Some(notification.notification_type),
                shipment_type: Some(event.shipment.shipment_type()),
                alias: Some(&account.alias),
                warehouse: notification.warehouse.as_ref(),
            };
            wanting(&endpoints, &routing)
        }
        None => Vec::new(),
    };
    let mut stored = record(push, resolved, body.as_deref(), came)
        .map_err(|error| ReceiveFailure::NotEncoded(error.into()))?
        .ok_or(ReceiveFailure::TooLarge)?;
    stored.sent_to = ids_of(&endpoints);
    learn(&dependencies.shipments, account, resolved, came.at).await?;
    let stored = dependencies
        .notifications
        .store(&resolved.id, &event.identity, &stored)
        .await?;
    let (key, status, deliveries) = match stored {
        Stored::New(key) => {
            let message = MessageToSend {
                key: &key,
                kind: MessageKind::Notification,
                subject: &resolved.id.subject(),
                accepted_at: came.at.as_millisecond(),
                body: body.as_deref().unwrap_or_default(),
                request_id: Some(came.request_id),
                resend: false,
            };
            let sent = send(&dependencies.queue, &endpoints, message).await?;
            (key, came.status, sent)
        }
        Stored::Before(key, before) => {
            let mut sent = 0;
            if let Some(body) = before.payload()?
                && !endpoints.is_empty()
            {
                let message = MessageToSend {
                    key: &key,
                    kind: MessageKind::Notification,
                    subject: &resolved.id.subject(),
                    accepted_at: before.received_at,
                    body: &body,
                    request_id: before.request_id.as_ref(),
                    resend: true,
                };
                let attempted = dependencies.notifications.delivered_to(&key).await?;
                let rest = unattempted(endpoints, &attempted);
                let more = unnamed(&rest, &before.sent_to);
                if !more.is_empty() {
                    dependencies.notifications.send_to_more(&key, &more).await?;
                }
                sent = send(&dependencies.queue, &rest, message).await?;
            }
            (key, PushStatus::Duplicate, sent)
        }
    };
    let notification_id = key.message_id();
    tracing::info!(
        message_id = notification_id,
        push_status = %status,
        order_number = %resolved.id.order_number,
        shipment_type = %resolved.id.shipment_type,
        deliveries,
        "notification received"
    );
    Ok(Received {
        notification_id,
        status,
    })
}
