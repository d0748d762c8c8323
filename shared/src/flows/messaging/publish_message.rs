//! Stores a message durably, then sends it. When this returns without a failure, the message is stored and queued for
//! every endpoint that subscribes to it.
//!
//! If a send fails, the caller gets an error and repeats its request; the repeat finds the stored message and sends it
//! to endpoints without a delivery record.

use jiff::Timestamp;

use crate::digest::{Sha256, hex};
use crate::domain::endpoint::WebhookEndpoint;
use crate::domain::message::Message;
use crate::domain::text::{OrderNumber, RequestId};
use crate::flows::failure::FlowFailure;
use crate::flows::messaging::send_message::{
    MessageToSend, ids_of, send, unattempted, unnamed, wanting,
};
use crate::queue::sender::{NotSent, Sender};
use crate::store::configuring::endpoints::Endpoints;
use crate::store::expiry::expiry;
use crate::store::failure::StoreFailure;
use crate::store::message_keys::MessageKey;
use crate::store::messaging::kind_index::KindPlace;
use crate::store::messaging::messages::{Messages, StoredMessage};
use crate::store::packed::pack;

/// The dependencies of publishing.
#[derive(Debug)]
pub struct PublishDependencies {
    /// The endpoints that subscribe to messages.
    pub endpoints: Endpoints,
    /// The stored messages.
    pub messages: Messages,
    /// The delivery queue.
    pub queue: Sender,
    /// How long messages are kept, in days; 0 keeps them forever.
    pub ttl_days: u32,
}

/// What publishes a message whose endpoints are known.
#[derive(Debug, Clone, Copy)]
pub(in crate::flows) struct Publishing<'a> {
    /// The stored messages.
    pub(in crate::flows) messages: &'a Messages,
    /// The delivery queue.
    pub(in crate::flows) queue: &'a Sender,
    /// How long messages are kept, in days; 0 keeps them forever.
    pub(in crate::flows) ttl_days: u32,
}

impl PublishDependencies {
    pub(super) fn publishing(&self) -> Publishing<'_> {
        Publishing {
            messages: &self.messages,
            queue: &self.queue,
            ttl_days: self.ttl_days,
        }
    }
}

/// A message that is stored and queued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// Its id.
    pub message_id: String,
    /// Whether an earlier request created it.
    pub replayed: bool,
}

/// Why a message was not created or not queued.
#[derive(Debug, thiserror::Error)]
pub enum PublishFailure {
    /// The same message was sent before with other content: do not retry.
    #[error("the message was sent with other content")]
    OtherContent,
    /// The body cannot be serialised, which is a bug: do not retry.
    #[error("the body cannot be serialised")]
    NotSerialised(#[from] serde_json::Error),
    /// The body cannot be packed, which is a bug: do not retry.
    #[error("the body cannot be packed")]
    NotPacked(#[from] std::io::Error),
    /// The message was not stored: retry the request.
    #[error("the message was not stored")]
    NotStored(#[from] StoreFailure),
    /// The message is stored, but not queued: retry the request.
    #[error("the message was not sent")]
    NotSent(#[from] NotSent),
}

impl From<PublishFailure> for FlowFailure {
    fn from(failure: PublishFailure) -> Self {
        match failure {
            PublishFailure::OtherContent => Self::OrderNumberReused,
            PublishFailure::NotSerialised(error) => StoreFailure::CorruptBody(error.into()).into(),
            PublishFailure::NotPacked(error) => StoreFailure::CorruptBody(error.into()).into(),
            PublishFailure::NotStored(failure) => failure.into(),
            PublishFailure::NotSent(error) => error.into(),
        }
    }
}

/// Stores a message once and sends it. `request_id` is the id of the request that caused it.
pub async fn publish_message(
    dependencies: &PublishDependencies,
    message: &Message<'_>,
    request_id: &RequestId,
    now: Timestamp,
) -> Result<Published, PublishFailure> {
    let endpoints = dependencies.endpoints.all(message.client_id).await?;
    let endpoints = wanting(&endpoints, &message.routing);
    publish_to(
        dependencies.publishing(),
        endpoints,
        message,
        request_id,
        now,
    )
    .await
}

/// The same for a message whose endpoints are known.
pub(in crate::flows) async fn publish_to(
    publishing: Publishing<'_>,
    endpoints: Vec<&WebhookEndpoint>,
    message: &Message<'_>,
    request_id: &RequestId,
    now: Timestamp,
) -> Result<Published, PublishFailure> {
    let key = MessageKey::of(message);
    let stored = StoredMessage {
        sent_to: ids_of(&endpoints),
        ..stored(message, request_id, publishing.ttl_days, now)?
    };
    let before = publishing.messages.put(&key, &stored).await?;
    let replayed = before.is_some();
    let deliveries = match before {
        None => {
            let outgoing = MessageToSend {
                key: &key,
                kind: message.routing.kind,
                subject: &message.subject,
                accepted_at: stored.created_at,
                body: &message.body,
                request_id: Some(request_id),
                correction: stored.correction,
                resend: false,
            };
            send(publishing.queue, &endpoints, outgoing).await?
        }
        Some(before) if before.content != stored.content => {
            return Err(PublishFailure::OtherContent);
        }
        Some(before) => send_again(publishing, endpoints, message, &key, &before).await?,
    };
    Ok(accepted(message, &key, deliveries, replayed))
}

/// Sends a message that an earlier request stored, to the endpoints to which it may not have been sent, as it was stored: body
/// and content of `message` do not count. `None` if it is not stored.
pub async fn publish_again(
    dependencies: &PublishDependencies,
    message: &Message<'_>,
) -> Result<Option<Published>, PublishFailure> {
    let key = MessageKey::of(message);
    let Some(before) = dependencies.messages.stored(&key).await? else {
        return Ok(None);
    };
    let endpoints = dependencies.endpoints.all(message.client_id).await?;
    let endpoints = wanting(&endpoints, &message.routing);
    let publishing = dependencies.publishing();
    let deliveries = send_again(publishing, endpoints, message, &key, &before).await?;
    Ok(Some(accepted(message, &key, deliveries, true)))
}

/// The result of a message that is stored and queued; it is logged here.
pub(super) fn accepted(
    message: &Message<'_>,
    key: &MessageKey,
    deliveries: usize,
    replayed: bool,
) -> Published {
    let message_id = key.message_id();
    let order_number = message.subject.order_number().map(OrderNumber::as_str);
    let subject = message.subject.code();
    tracing::info!(
        message_id,
        kind = message.routing.kind.word(),
        order_number,
        subject = order_number.is_none().then_some(subject),
        deliveries,
        replayed,
        "message accepted"
    );
    Published {
        message_id,
        replayed,
    }
}

/// Sends what an earlier request may not have sent, with the stored body.
async fn send_again(
    publishing: Publishing<'_>,
    endpoints: Vec<&WebhookEndpoint>,
    message: &Message<'_>,
    key: &MessageKey,
    before: &StoredMessage,
) -> Result<usize, PublishFailure> {
    if endpoints.is_empty() {
        return Ok(0);
    }
    let attempted = publishing.messages.delivered_to(key).await?;
    let rest = unattempted(endpoints, &attempted);
    let more = unnamed(&rest, &before.sent_to);
    if !more.is_empty() {
        publishing.messages.send_to_more(key, &more).await?;
    }
    let outgoing = MessageToSend {
        key,
        kind: message.routing.kind,
        subject: &message.subject,
        accepted_at: before.created_at,
        body: &before.body()?,
        request_id: before.request_id.as_ref(),
        correction: before.correction,
        resend: true,
    };
    Ok(send(publishing.queue, &rest, outgoing).await?)
}

/// A message as it is stored, not yet with its endpoints.
pub(in crate::flows) fn stored(
    message: &Message<'_>,
    request_id: &RequestId,
    ttl_days: u32,
    now: Timestamp,
) -> Result<StoredMessage, std::io::Error> {
    let subject = &message.subject;
    let created_at = now.as_millisecond();
    Ok(StoredMessage {
        subject: subject.code().to_owned(),
        subject_kind: subject.kind(),
        created_at,
        request_id: Some(request_id.clone()),
        content: hex(&Sha256::digest(&message.content)),
        correction: message.correction,
        payload: pack(message.body.as_bytes())?,
        sent_to: Vec::new(),
        expires_at: expiry(now, ttl_days),
        writer: fastrand::u64(..),
        place: KindPlace::new(message.client_id, message.routing.kind, created_at),
    })
}
