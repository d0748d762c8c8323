//! Tells the client what RMS itself knows of a return order first: that it was placed, and that it was cancelled. Both are
//! notifications, stored in the transaction of their cause and sent after it.

use std::sync::Arc;

use jiff::Timestamp;

use crate::contract::messages::notification::NotificationBody;
use crate::contract::push::PushStatus;
use crate::domain::booking::MetaData;
use crate::domain::endpoint::WebhookEndpoint;
use crate::domain::message::{MessageKind, MessageSubject, Routing};
use crate::domain::notification::{Identity, Notification, NotificationType, NotifiedReturn};
use crate::domain::returning::code::ReturnOrderCode;
use crate::domain::returning::mark::ReturnMark;
use crate::domain::returning::return_order::ReturnOrder;
use crate::domain::shipment::ShipmentType;
use crate::domain::shipment_id::ShipmentId;
use crate::domain::text::{AccountAlias, AggregatorName, Awb, OrderNumber};
use crate::flows::failure::FlowFailure;
use crate::flows::messaging::send_message::{
    MessageToSend, ids_of, send, unattempted, unnamed, wanting,
};
use crate::flows::returning::dependencies::ReturnRequest;
use crate::flows::returning::read_return::parcel_id;
use crate::store::failure::StoreFailure;
use crate::store::message_keys::MessageKey;
use crate::store::notifying::notifications::StoredNotification;
use crate::store::packed::pack;
use crate::store::transaction::Part;

/// The name of the aggregator of a return order without an account.
const RMS: &str = "RMS";

/// What is told.
#[derive(Debug, Clone, Copy)]
pub(super) struct ReturnNews<'a> {
    /// The return order.
    pub(super) order: &'a ReturnOrder,
    /// How often its code was used.
    pub(super) round: u32,
    /// When it was accepted.
    pub(super) created_at: Timestamp,
    /// What happened.
    pub(super) word: NotificationType,
    /// The account of its AWB.
    pub(super) account: Option<(&'a AccountAlias, &'a AggregatorName)>,
    /// Its AWB, if known.
    pub(super) awb: Option<&'a Awb>,
    /// The courier, if known.
    pub(super) transporter: Option<&'a str>,
    /// What its parcel's record says about it.
    pub(super) mark: &'a ReturnMark,
}

/// A notification that is to be stored and sent.
pub(super) struct Announcement<'a> {
    request: ReturnRequest<'a>,
    key: MessageKey,
    subject: MessageSubject,
    stored: StoredNotification,
    body: String,
    endpoints: Arc<[WebhookEndpoint]>,
}

/// The key of a notification of RMS itself, and the parcel that it is about.
fn key(
    request: ReturnRequest<'_>,
    code: &ReturnOrderCode,
    round: u32,
    word: NotificationType,
) -> Result<(MessageKey, ShipmentId), FlowFailure> {
    let id = parcel_id(&request.caller.client_id, code)?;
    let identity = Identity::Event(format!("{round} {word}"));
    let key = MessageKey::of_notification(&id, None, &identity, 0);
    Ok((key, id))
}

impl<'a> Announcement<'a> {
    /// Prepares a notification.
    pub(super) fn new(
        request: ReturnRequest<'a>,
        news: ReturnNews<'_>,
        endpoints: Arc<[WebhookEndpoint]>,
    ) -> Result<Self, FlowFailure> {
        let order = news.order;
        let (key, parcel) = key(request, &order.return_order_code, news.round, news.word)?;
        let subject = parcel.subject();
        let notification = notification(news, parcel.order_number.clone(), request.now);
        let body = serde_json::to_string(&NotificationBody::from(&notification));
        let body = body.map_err(|error| StoreFailure::CorruptBody(error.into()))?;
        let packed = pack(body.as_bytes());
        let packed = packed.map_err(|error| StoreFailure::CorruptBody(error.into()))?;
        let routing = routing(order, news.word, news.account.map(|(alias, _)| alias));
        let (raw, ttl_days) = (packed.clone(), request.dependencies.ttl_days);
        let (status, word) = (PushStatus::Accepted.to_string(), news.word.to_string());
        let number = parcel.order_number;
        let stored = StoredNotification {
            awb: news.awb.cloned(),
            alias: news.account.map(|(alias, _)| alias.clone()),
            aggregator: news.account.map(|(_, aggregator)| aggregator.clone()),
            notification_type: Some(news.word),
            request_id: Some(request.request_id.clone()),
            payload: Some(packed),
            sent_to: ids_of(&wanting(&endpoints, &routing)),
            ..StoredNotification::by_rms(number, &status, word, raw, request.now, ttl_days)
        };
        Ok(Self {
            request,
            key,
            subject,
            stored,
            body,
            endpoints,
        })
    }

    /// The write that stores it.
    pub(super) fn part(&self) -> Result<Part, StoreFailure> {
        let notifications = &self.request.dependencies.notifications;
        notifications.part(&self.key, &self.stored)
    }

    /// Sends it, after it was stored.
    pub(super) async fn send(&self) -> Result<(), FlowFailure> {
        let named = &self.stored.sent_to;
        let endpoints = self.endpoints.iter();
        let endpoints: Vec<_> = endpoints
            .filter(|endpoint| named.contains(&endpoint.id))
            .collect();
        let message = MessageToSend {
            key: &self.key,
            kind: MessageKind::Notification,
            subject: &self.subject,
            accepted_at: self.stored.received_at,
            body: &self.body,
            request_id: Some(self.request.request_id),
            correction: false,
            resend: false,
        };
        let deliveries = send(&self.request.dependencies.queue, &endpoints, message).await?;
        tracing::info!(
            message_id = self.key.message_id(),
            kind = MessageKind::Notification.word(),
            order_number = %self.stored.order_number,
            deliveries,
            replayed = false,
            "message accepted"
        );
        Ok(())
    }
}

/// Sends a notification again to the endpoints without a delivery record, if it was stored before.
pub(super) async fn announce_again(
    request: ReturnRequest<'_>,
    order: &ReturnOrder,
    round: u32,
    word: NotificationType,
) -> Result<(), FlowFailure> {
    let dependencies = request.dependencies;
    let (key, parcel) = key(request, &order.return_order_code, round, word)?;
    let Some(stored) = dependencies.notifications.get(&key.key()).await? else {
        return Ok(());
    };
    let endpoints = dependencies
        .endpoints
        .all(&request.caller.client_id)
        .await?;
    let wanting = wanting(&endpoints, &routing(order, word, stored.alias.as_ref()));
    if wanting.is_empty() {
        return Ok(());
    }
    let attempted = dependencies.notifications.delivered_to(&key).await?;
    let rest = unattempted(wanting, &attempted);
    let more = unnamed(&rest, &stored.sent_to);
    if !more.is_empty() {
        dependencies.notifications.send_to_more(&key, &more).await?;
    }
    let body = stored.payload()?.unwrap_or_default();
    let message = MessageToSend {
        key: &key,
        kind: MessageKind::Notification,
        subject: &parcel.subject(),
        accepted_at: stored.received_at,
        body: &body,
        request_id: stored.request_id.as_ref(),
        correction: false,
        resend: true,
    };
    send(&dependencies.queue, &rest, message).await?;
    Ok(())
}

fn routing<'a>(
    order: &'a ReturnOrder,
    word: NotificationType,
    alias: Option<&'a AccountAlias>,
) -> Routing<'a> {
    Routing {
        kind: MessageKind::Notification,
        notification_type: Some(word),
        shipment_type: Some(ShipmentType::Return),
        alias,
        warehouse: Some(&order.location_code),
    }
}

fn notification(news: ReturnNews<'_>, number: OrderNumber, now: Timestamp) -> Notification {
    let ReturnNews { order, mark, .. } = news;
    Notification {
        forward_order: mark.forward_order.clone(),
        shipment_code: mark.forward_shipment.clone(),
        forward_awb: mark.forward_awb.clone(),
        carrier_name: mark.forward_carrier.clone(),
        notification_type: news.word,
        received_at: now,
        occurred_at: None,
        aggregator_name: news
            .account
            .map_or(RMS, |(_, aggregator)| aggregator.as_str())
            .to_owned(),
        meta_data: MetaData::new(),
        returning: Some(NotifiedReturn {
            number,
            awb: news.awb.cloned(),
            carrier_name: news.transporter.map(ToOwned::to_owned),
            placed_at: Some(order.placed_at(news.created_at).as_second()),
        }),
        warehouse: Some(order.location_code.clone()),
        items: order.notified_items(),
    }
}
