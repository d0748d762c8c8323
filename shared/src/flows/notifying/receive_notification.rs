//! Takes a push in: prove, translate, store, send, answer.
//!
//! A 200 means durable: the record and one message for each endpoint that wants it exist before we answer. If a send
//! fails the answer is 503 and the aggregator repeats; the repeat meets its own record and sends what has not arrived.

use std::sync::Arc;

use http::HeaderMap;
use jiff::Timestamp;

use crate::aggregators::{self, PushProof, PushRejection, Registers};
use crate::contract::fields::Unreadable;
use crate::contract::messages::notification::NotificationBody;
use crate::contract::push::PushStatus;
use crate::domain::account::LogisticAccount;
use crate::domain::booking::{Booking, MetaData};
use crate::domain::claim::Standing;
use crate::domain::claim_record::{Seen, Shipment};
use crate::domain::credential::Credential;
use crate::domain::endpoint::{Subject, WebhookEndpoint};
use crate::domain::facts::Facts;
use crate::domain::notification::{Meaning, Notification, PushedEvent};
use crate::flows::notifying::resolve_shipment::{Resolved, resolve_shipment};
use crate::queue::sender::{NotSent, Sender};
use crate::queue::task::{DeliveryTask, LARGEST_PAYLOAD, RecordKey};
use crate::store::booking::shipments::Shipments;
use crate::store::configuring::accounts::Accounts;
use crate::store::configuring::endpoints::Endpoints;
use crate::store::configuring::push_credentials::PushCredentials;
use crate::store::failure::StoreFailure;
use crate::store::keys::NotificationKey;
use crate::store::notifying::notifications::{Notifications, Stored, StoredNotification, expiry};
use crate::store::notifying::unmapped::UnmappedPlace;
use crate::store::packed::pack;

/// What a push and its translation may have together when they are packed: a table's item holds 400 KB. JSON of the
/// largest size that is read always fits, unless somebody fills it with random characters.
const LARGEST_RECORD: usize = 390 * 1000;

/// What taking a push in needs.
#[derive(Debug)]
pub struct PushDependencies {
    /// The credentials that prove pushes.
    pub credentials: PushCredentials,
    /// The accounts that they belong to.
    pub accounts: Accounts,
    /// The endpoints that want notifications.
    pub endpoints: Endpoints,
    /// The shipments that pushes are about.
    pub shipments: Shipments,
    /// Where notifications are stored.
    pub notifications: Notifications,
    /// The delivery queue.
    pub queue: Sender,
    /// How long notifications are kept, in days; 0 keeps them for ever.
    pub ttl_days: u32,
}

/// A push whose proof was checked. Only [`prove`] makes one, so nobody can read the body of another.
#[derive(Debug)]
pub struct ProvedPush<'a> {
    account: Arc<LogisticAccount>,
    body: &'a [u8],
}

/// What became of one event of a push.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// Our id of the notification.
    pub notification_id: String,
    /// What became of it.
    pub status: PushStatus,
}

/// Why a push was not taken in.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveFailure {
    /// Its body cannot be read: repeating it changes nothing.
    #[error("the push cannot be read")]
    Unreadable(Unreadable),
    /// Its body holds a wrong proof.
    #[error("the push proves nothing")]
    Unproved,
    /// It is too large to be stored: repeating it changes nothing.
    #[error("the push is too large to be stored")]
    TooLarge,
    /// It could not be made durable: it should be repeated.
    #[error("the push was not stored")]
    NotStored(#[from] StoreFailure),
    /// It is stored, but not on its way: it should be repeated.
    #[error("the notification was not sent")]
    NotSent(#[from] NotSent),
}

/// What a push brings as its proof.
#[derive(Debug, Clone)]
pub enum Proof<'a> {
    /// A user name and a secret.
    Credential(Credential),
    /// The token in its URL, and its headers, one of which may hold a key.
    Token(&'a str, &'a HeaderMap),
}

/// Checks the proof of a push; `None` if it proves nothing.
pub async fn prove<'a>(
    dependencies: &PushDependencies,
    proof: &Proof<'_>,
    body: &'a [u8],
) -> Result<Option<ProvedPush<'a>>, StoreFailure> {
    let owner = match proof {
        Proof::Credential(credential) => dependencies.credentials.proved(credential).await?,
        Proof::Token(token, _) => dependencies.credentials.of_token(token).await?,
    };
    let Some(owner) = owner else {
        return Ok(None);
    };
    let account = dependencies
        .accounts
        .find(&owner.client_id, &owner.alias)
        .await?;
    Ok(account
        .filter(|account| is_proof_of(account, proof))
        .map(|account| ProvedPush { account, body }))
}

/// Whether this is how the account's aggregator proves its pushes, and whether the key that it sends is the account's.
fn is_proof_of(account: &LogisticAccount, proof: &Proof<'_>) -> bool {
    let declared = aggregators::find_pushing(&account.aggregator).map(Registers::push_proof);
    match (declared, proof) {
        (Some(PushProof::Credential), Proof::Credential(_)) => true,
        (Some(PushProof::Token { key_header }), Proof::Token(_, headers)) => {
            match (key_header, &account.proofs.webhook_key) {
                (Some(header), Some(key)) => headers.get(header).is_some_and(|sent| {
                    key.is(&account.client_id, &account.alias, sent.as_bytes())
                }),
                (Some(_), None) | (None, Some(_) | None) => true,
            }
        }
        (Some(PushProof::Credential), Proof::Token(..))
        | (Some(PushProof::Token { .. }), Proof::Credential(_))
        | (None, _) => false,
    }
}

impl From<PushRejection> for ReceiveFailure {
    fn from(rejection: PushRejection) -> Self {
        match rejection {
            PushRejection::Unreadable(unreadable) => Self::Unreadable(unreadable),
            PushRejection::Unproved => Self::Unproved,
        }
    }
}

/// Takes every event of a proved push in, in its order.
pub async fn receive_notification(
    dependencies: &PushDependencies,
    push: &ProvedPush<'_>,
    now: Timestamp,
) -> Result<Vec<Received>, ReceiveFailure> {
    let aggregator = aggregators::find_pushing(&push.account.aggregator).ok_or_else(|| {
        StoreFailure::Unavailable("the account's aggregator is not known to this version".into())
    })?;
    let events = aggregator.read_push(&push.account, push.body)?;
    let mut received = Vec::with_capacity(events.len());
    for event in &events {
        received.push(receive(dependencies, push, event, now).await?);
    }
    Ok(received)
}

async fn receive(
    dependencies: &PushDependencies,
    push: &ProvedPush<'_>,
    event: &PushedEvent,
    now: Timestamp,
) -> Result<Received, ReceiveFailure> {
    let account = &push.account;
    let resolved = resolve_shipment(&dependencies.shipments, account, event).await?;
    let status = status(account, event);
    let notification = event
        .meaning
        .word()
        .map(|word| resolved.notification(event, word, now));
    let notification = notification.filter(|_| status == PushStatus::Accepted);
    let payload = notification.as_ref().map(payload).transpose()?;
    let wanting = match &notification {
        Some(notification) => wanting(dependencies, account, event, notification).await?,
        None => Vec::new(),
    };
    let stored = record(
        push,
        event,
        &resolved,
        status,
        payload.as_deref(),
        dependencies.ttl_days,
        now,
    )?;
    learn(dependencies, account, event, &resolved).await?;
    let stored = dependencies
        .notifications
        .store(&resolved.id, &event.identity, &stored)
        .await?;
    let (key, status) = match stored {
        Stored::New(key) => {
            let outgoing = Outgoing {
                resolved: &resolved,
                key: &key,
                accepted_at: now.as_millisecond(),
                payload: payload.as_deref().unwrap_or_default(),
                resend: false,
            };
            send(dependencies, &wanting, outgoing).await?;
            (key, status)
        }
        Stored::Before(key, before) => {
            send_the_rest(dependencies, wanting, &resolved, &key, &before).await?;
            (key, PushStatus::Duplicate)
        }
    };
    let notification_id = key.notification_id();
    tracing::info!(client_id = %account.client_id, alias = %account.alias, notification_id, ?status, "push received");
    Ok(Received {
        notification_id,
        status,
    })
}

fn status(account: &LogisticAccount, event: &PushedEvent) -> PushStatus {
    match event.meaning {
        Meaning::Unmapped => PushStatus::Unmapped,
        Meaning::Word(_) if account.notifications_enabled => PushStatus::Accepted,
        Meaning::Ignored | Meaning::Word(_) => PushStatus::Ignored,
    }
}

/// Records a shipment that we did not know, and settles a claim whose outcome was unknown: this push proves it.
async fn learn(
    dependencies: &PushDependencies,
    account: &LogisticAccount,
    event: &PushedEvent,
    resolved: &Resolved,
) -> Result<(), StoreFailure> {
    if resolved.is_unknown() {
        let observed = observed(account, event, resolved);
        return dependencies
            .shipments
            .observe(&resolved.id, &observed)
            .await;
    }
    let (Some(known), Some(awb)) = (resolved.uncertain(&account.alias), event.shipment.awb())
    else {
        return Ok(());
    };
    let carrier_name = match &event.shipment.returning {
        Some(returning) => returning.carrier_name.clone(),
        None => event.shipment.carrier_name.clone(),
    };
    let booking = Booking {
        order_id: None,
        awb: awb.clone(),
        carrier_name,
        label_url: None,
        commercial_invoice_url: None,
        meta_data: event.meta_data.clone(),
        own_ids: event.own_ids.clone(),
    };
    let seen = Seen {
        standing: Standing::Uncertain,
        holder: known.holder.as_deref().unwrap_or_default(),
    };
    let settled = dependencies
        .shipments
        .book(&resolved.id, seen, &known.facts, &booking)
        .await?;
    tracing::info!(client_id = %account.client_id, alias = %account.alias, settled, "a push settled a claim");
    Ok(())
}

fn observed(account: &LogisticAccount, event: &PushedEvent, resolved: &Resolved) -> Shipment {
    let returning = event.shipment.returning.as_ref();
    Shipment {
        facts: Facts {
            order_number: resolved.id.order_number.clone(),
            shipment_code: resolved.id.shipment_code.clone(),
            shipment_type: resolved.id.shipment_type,
            alias: account.alias.clone(),
            aggregator: account.aggregator.clone(),
            order_id: None,
            awb: event.shipment.awb().cloned(),
            carrier_name: returning
                .map_or(&event.shipment.carrier_name, |returning| {
                    &returning.carrier_name
                })
                .clone(),
            warehouse: event.warehouse.clone(),
            ordered_at: None,
            items: Vec::new(),
            meta_data: MetaData::new(),
        },
        standing: Standing::Observed,
        content: None,
        holder: String::new(),
        lease_until: None,
        progress: std::collections::BTreeMap::new(),
        round: 1,
        asked_for: None,
        label_url: None,
        commercial_invoice_url: None,
    }
}

fn record(
    push: &ProvedPush<'_>,
    event: &PushedEvent,
    resolved: &Resolved,
    status: PushStatus,
    payload: Option<&str>,
    ttl_days: u32,
    now: Timestamp,
) -> Result<StoredNotification, ReceiveFailure> {
    let unpackable = |error: std::io::Error| StoreFailure::Unavailable(error.into());
    let raw = event.raw.as_deref().unwrap_or(push.body);
    let raw = pack(raw).map_err(unpackable)?;
    let payload = payload.map(|payload| pack(payload.as_bytes()));
    let payload = payload.transpose().map_err(unpackable)?;
    if raw.len() + payload.as_ref().map_or(0, |payload| payload.len()) > LARGEST_RECORD {
        return Err(ReceiveFailure::TooLarge);
    }
    Ok(StoredNotification {
        order_number: resolved.id.order_number.clone(),
        shipment_code: resolved.id.shipment_code.clone(),
        alias: push.account.alias.clone(),
        aggregator: Some(push.account.aggregator.clone()),
        status: status.to_string(),
        pushed_type: event.pushed_type.clone(),
        notification_type: event.meaning.word(),
        received_at: now.as_millisecond(),
        occurred_at: event.occurred_at.map(Timestamp::as_millisecond),
        raw,
        payload,
        expires_at: expiry(now, ttl_days),
        unmapped: (event.meaning == Meaning::Unmapped)
            .then(|| UnmappedPlace::new(&push.account.client_id, now)),
        writer: fastrand::u64(..),
        occurrences: 0,
        newest_at: now.as_millisecond(),
    })
}

/// The payload, serialised once: every attempt signs and sends these bytes.
fn payload(notification: &Notification) -> Result<String, StoreFailure> {
    serde_json::to_string(&NotificationBody::from(notification))
        .map_err(|error| StoreFailure::Unavailable(error.into()))
}

async fn wanting(
    dependencies: &PushDependencies,
    account: &LogisticAccount,
    event: &PushedEvent,
    notification: &Notification,
) -> Result<Vec<WebhookEndpoint>, StoreFailure> {
    let subject = Subject {
        notification_type: notification.notification_type,
        shipment_type: event.shipment.shipment_type(),
        alias: &account.alias,
        warehouse: notification.warehouse.as_ref(),
    };
    let endpoints = dependencies.endpoints.all(&account.client_id).await?;
    Ok(endpoints
        .iter()
        .filter(|endpoint| endpoint.enabled && endpoint.filter.wants(subject))
        .cloned()
        .collect())
}

/// Sends what a first push may not have sent: deliveries that have no record yet.
async fn send_the_rest(
    dependencies: &PushDependencies,
    mut wanting: Vec<WebhookEndpoint>,
    resolved: &Resolved,
    key: &NotificationKey,
    before: &StoredNotification,
) -> Result<(), ReceiveFailure> {
    let Some(payload) = before.payload()? else {
        return Ok(());
    };
    if wanting.is_empty() {
        return Ok(());
    }
    let attempted = dependencies.notifications.delivered_to(key).await?;
    wanting.retain(|endpoint| attempted.iter().all(|id| id != endpoint.id.as_str()));
    let outgoing = Outgoing {
        resolved,
        key,
        accepted_at: before.received_at,
        payload: &payload,
        resend: true,
    };
    send(dependencies, &wanting, outgoing).await
}

/// A notification on its way to the queue.
#[derive(Clone, Copy)]
struct Outgoing<'a> {
    resolved: &'a Resolved,
    key: &'a NotificationKey,
    accepted_at: i64,
    payload: &'a str,
    resend: bool,
}

async fn send(
    dependencies: &PushDependencies,
    endpoints: &[WebhookEndpoint],
    outgoing: Outgoing<'_>,
) -> Result<(), ReceiveFailure> {
    let seed = outgoing.resolved.id.lane_seed();
    let deliveries = endpoints.iter().map(|endpoint| {
        let lane = seed % u64::from(endpoint.lanes.max(1));
        (outgoing.task(endpoint), lane)
    });
    Ok(dependencies.queue.send_all(deliveries.collect()).await?)
}

impl Outgoing<'_> {
    fn task(&self, endpoint: &WebhookEndpoint) -> DeliveryTask {
        let record = self.key.delivery(&endpoint.id);
        let fits = self.payload.len() <= LARGEST_PAYLOAD;
        DeliveryTask {
            client_id: endpoint.client_id.clone(),
            endpoint_id: endpoint.id.clone(),
            delivery_id: self.key.delivery_id(&endpoint.id),
            record: RecordKey {
                pk: record.pk,
                sk: record.sk,
            },
            accepted_at: self.accepted_at,
            generation: 0,
            resend: self.resend,
            replayed: false,
            payload: fits.then(|| self.payload.to_owned()),
        }
    }
}
