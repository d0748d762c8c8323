//! Builds the stored record of an event: the original push, the outgoing body, and the data for lists and recoveries.

use jiff::Timestamp;

use crate::contract::messages::notification::NotificationBody;
use crate::contract::push::PushStatus;
use crate::domain::account::LogisticAccount;
use crate::domain::notification::{Meaning, Notification, NotificationType};
use crate::domain::text::RequestId;
use crate::flows::notifying::prove_push::ProvedPush;
use crate::flows::notifying::resolve_shipment::Resolved;
use crate::store::expiry::expiry;
use crate::store::notifying::exceptions::ExceptionPlace;
use crate::store::notifying::notifications::StoredNotification;
use crate::store::notifying::unmapped::UnmappedPlace;
use crate::store::packed::pack_both;

/// The maximum packed size of a push with its translation: a DynamoDB item holds 400 KB. JSON up to the input limit
/// always fits, unless it is full of random characters.
pub(in crate::flows::notifying) const LARGEST_RECORD: usize = 390 * 1000;

/// How a push arrived.
#[derive(Debug, Clone, Copy)]
pub(in crate::flows::notifying) struct Arrival<'a> {
    /// When it arrived.
    pub(in crate::flows::notifying) at: Timestamp,
    /// The request.
    pub(in crate::flows::notifying) request_id: &'a RequestId,
    /// How long its events are kept, in days; 0 keeps them forever.
    pub(in crate::flows::notifying) ttl_days: u32,
}

/// How an event arrived, and its result.
#[derive(Debug, Clone, Copy)]
pub(in crate::flows::notifying) struct Came<'a> {
    /// How its push arrived.
    pub(in crate::flows::notifying) arrival: Arrival<'a>,
    /// The result.
    pub(in crate::flows::notifying) status: PushStatus,
}

impl<'a> Came<'a> {
    pub(in crate::flows::notifying) fn new(
        arrival: Arrival<'a>,
        account: &LogisticAccount,
        resolved: &Resolved,
    ) -> Self {
        Self {
            arrival,
            status: status(account, resolved),
        }
    }
}

/// Decides whether an event is forwarded. A test is no news. That a return order was placed is told by RMS itself if it has the order.
pub(in crate::flows::notifying) fn status(
    account: &LogisticAccount,
    resolved: &Resolved,
) -> PushStatus {
    if resolved.is_test() {
        return PushStatus::Ignored;
    }
    match resolved.event.meaning {
        Meaning::Unmapped => PushStatus::Unmapped,
        Meaning::Word(word) | Meaning::Mapped(word) => {
            let is_told =
                word == NotificationType::ReturnOrderPlaced && resolved.is_of_return_order();
            if account.notifications_enabled && !is_told {
                PushStatus::Accepted
            } else {
                PushStatus::Ignored
            }
        }
        Meaning::Ignored => PushStatus::Ignored,
    }
}

/// The record of an event; `None` if it is too large to be stored.
pub(in crate::flows::notifying) fn record(
    push: &ProvedPush<'_>,
    resolved: &Resolved,
    payload: Option<&str>,
    came: &Came<'_>,
) -> std::io::Result<Option<StoredNotification>> {
    let event = &resolved.event;
    let client = &push.account().client_id;
    let word = event.meaning.word();
    let is_exception =
        came.status == PushStatus::Accepted && word.is_some_and(NotificationType::is_exception);
    let Arrival {
        at,
        request_id,
        ttl_days,
    } = came.arrival;
    let raw = event.raw.as_deref().unwrap_or(push.body);
    let raw_length = payload.map(|_| raw.len());
    let raw = pack_both(raw, payload.unwrap_or_default().as_bytes())?;
    if raw.len() > LARGEST_RECORD {
        return Ok(None);
    }
    Ok(Some(StoredNotification {
        order_number: resolved.id.order_number.clone(),
        shipment_code: resolved.id.shipment_code.clone(),
        awb: event.shipment.awb().cloned(),
        round: event.shipment.round,
        contradicts: resolved.contradicts.clone(),
        alias: Some(push.account().alias.clone()),
        by_rms: false,
        aggregator: Some(push.account().aggregator.clone()),
        status: came.status.to_string(),
        test: resolved.is_test(),
        unread: event.kind.unread().to_vec(),
        pushed_type: event.pushed_type.clone(),
        notification_type: word,
        mapped_by_account: event.meaning.is_by_account(),
        replayed_at: None,
        received_at: at.as_millisecond(),
        occurred_at: event.occurred_at.map(Timestamp::as_millisecond),
        request_id: Some(request_id.clone()),
        raw,
        raw_length,
        payload: None,
        sent_to: Vec::new(),
        expires_at: expiry(at, ttl_days),
        unmapped: (event.meaning == Meaning::Unmapped).then(|| UnmappedPlace::new(client, at)),
        exception: is_exception.then(|| ExceptionPlace::new(client, at)),
        writer: fastrand::u64(..),
        occurrences: 0,
        newest_at: at.as_millisecond(),
    }))
}

/// The payload, serialised once: every attempt signs and sends these bytes.
pub(in crate::flows::notifying) fn payload(
    notification: &Notification,
) -> serde_json::Result<String> {
    serde_json::to_string(&NotificationBody::from(notification))
}
