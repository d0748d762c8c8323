//! What a replay makes of an unmapped notification: the record that it would have got on arrival, and its message.

use crate::contract::push::PushStatus;
use crate::domain::endpoint::WebhookEndpoint;
use crate::domain::notification::NotificationType;
use crate::flows::failure::FlowFailure;
use crate::flows::messaging::send_message::ids_of;
use crate::flows::notifying::record_notification::{LARGEST_RECORD, payload, status};
use crate::flows::notifying::replay_unmapped::in_order::{Replay, Waiting};
use crate::flows::notifying::resolve_shipment::Resolved;
use crate::flows::notifying::store_event::wanting_event;
use crate::store::expiry::expiry;
use crate::store::failure::StoreFailure;
use crate::store::notifying::exceptions::ExceptionPlace;
use crate::store::notifying::replays::Translation;
use crate::store::packed::pack;

/// A translated notification.
pub(super) struct Translated<'e> {
    pub(super) translation: Translation,
    /// The endpoints that subscribe to it.
    pub(super) endpoints: Vec<&'e WebhookEndpoint>,
    /// Its body; empty if it is not forwarded.
    pub(super) body: String,
}

/// The translation of a notification; `None` if its code still has no type in its direction, or if it is too large.
pub(super) fn translated<'e>(
    replay: &Replay<'_>,
    waiting: &Waiting,
    resolved: &Resolved,
    endpoints: &'e [WebhookEndpoint],
) -> Result<Option<Translated<'e>>, FlowFailure> {
    let status = status(replay.account, resolved);
    if status == PushStatus::Unmapped {
        return Ok(None);
    }
    let meaning = resolved.event.meaning;
    let forwarded = meaning.word().filter(|_| status == PushStatus::Accepted);
    let exception = forwarded
        .filter(|word| NotificationType::is_exception(*word))
        .map(|_| ExceptionPlace::new(&replay.account.client_id, waiting.received_at()));
    let notification = forwarded.map(|word| resolved.notification(word, waiting.received_at()));
    let endpoints = match &notification {
        Some(notification) => wanting_event(endpoints, replay.account, resolved, notification),
        None => Vec::new(),
    };
    let body = notification.as_ref().map(payload).transpose();
    let body = body.map_err(|error| StoreFailure::CorruptBody(error.into()))?;
    let packed = body.as_ref().map(|body| pack(body.as_bytes())).transpose();
    let packed = packed.map_err(|error| StoreFailure::CorruptBody(error.into()))?;
    let size = packed.as_ref().map_or(0, |packed| packed.len());
    if waiting.stored.raw.len() + size > LARGEST_RECORD {
        let message_id = waiting.message().message_id();
        tracing::warn!(message_id, "replayed notification is too large");
        return Ok(None);
    }
    let ttl_days = replay.dependencies.ttl_days;
    Ok(Some(Translated {
        translation: Translation {
            status: status.to_string(),
            notification_type: meaning.word(),
            mapped_by_account: meaning.is_by_account(),
            payload: packed,
            exception,
            sent_to: ids_of(&endpoints),
            replayed_at: replay.now.as_millisecond(),
            expires_at: expiry(replay.now, ttl_days),
        },
        endpoints,
        body: body.unwrap_or_default(),
    }))
}
