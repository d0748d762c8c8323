//! What is known of a stored message without its body.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::Deserialize;
use serde_dynamo::from_item;

use crate::domain::message::{MessageKind, MessageSubject, SubjectKind};
use crate::domain::notification::NotificationType;
use crate::domain::shipment::ShipmentType;
use crate::domain::text::{
    AccountAlias, AggregatorName, Awb, EndpointId, OrderNumber, RequestId, ShipmentCode,
};
use crate::store::failure::StoreFailure;
use crate::store::keys::Key;

/// The status of a notification that goes to endpoints.
const ACCEPTED: &str = "ACCEPTED";

/// A message without its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageHead {
    /// Its kind.
    pub kind: MessageKind,
    /// What it is about.
    pub subject: MessageSubject,
    /// When RMS accepted it, in epoch milliseconds.
    pub created_at: i64,
    /// The request that caused it; old items do not say it.
    pub request_id: Option<RequestId>,
    /// The endpoints that it was queued for; old items do not say it.
    pub sent_to: Vec<EndpointId>,
    /// What only a notification has.
    pub notification: Option<NotificationHead>,
}

/// A notification without its bodies.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NotificationHead {
    /// The client's order number.
    pub order_number: OrderNumber,
    /// One of several parcels of the order.
    #[serde(default)]
    pub shipment_code: Option<ShipmentCode>,
    /// The AWB that was pushed; old items do not say it.
    #[serde(default)]
    pub awb: Option<Awb>,
    /// The round whose name was pushed.
    #[serde(default)]
    pub round: Option<u32>,
    /// Another order of the client's that the push named, although its AWB belongs to this one.
    #[serde(default)]
    pub contradicts: Option<OrderNumber>,
    /// The account that pushed it.
    pub alias: AccountAlias,
    /// The account's aggregator; old items do not say it.
    #[serde(default)]
    pub aggregator: Option<AggregatorName>,
    /// What became of it when it came.
    pub status: String,
    /// The pusher's own word.
    pub pushed_type: String,
    /// Our word for it.
    #[serde(default)]
    pub notification_type: Option<NotificationType>,
    /// When it came, in epoch milliseconds.
    pub received_at: i64,
    /// When it happened, in epoch milliseconds, where the pusher says so.
    #[serde(default)]
    pub occurred_at: Option<i64>,
    /// The push's request id; old items do not say it.
    #[serde(default)]
    pub request_id: Option<RequestId>,
    /// The endpoints that it was queued for; old items do not say it.
    #[serde(default)]
    pub sent_to: Vec<EndpointId>,
}

/// What is read of a message that is no notification.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OtherHead {
    subject: String,
    subject_kind: SubjectKind,
    created_at: i64,
    #[serde(default)]
    request_id: Option<RequestId>,
    #[serde(default)]
    sent_to: Vec<EndpointId>,
}

impl MessageHead {
    /// Reads an item; `None` if its kind is one that only a later version has.
    pub(in crate::store) fn read(
        key: &Key,
        item: HashMap<String, AttributeValue>,
    ) -> Result<Option<Self>, StoreFailure> {
        let Some(kind) = key.kind() else {
            return Ok(None);
        };
        let head = if kind == MessageKind::Notification {
            Self::of_notification(key, from_item(item)?)
        } else {
            Self::of_other(kind, from_item(item)?)?
        };
        Ok(Some(head))
    }

    fn of_notification(key: &Key, head: NotificationHead) -> Self {
        let order_number = head.order_number.clone();
        Self {
            kind: MessageKind::Notification,
            subject: match key.shipment_type() {
                ShipmentType::Forward => MessageSubject::ForwardOrder(order_number),
                ShipmentType::Return => MessageSubject::ReturnOrder(order_number),
            },
            created_at: head.received_at,
            request_id: head.request_id.clone(),
            sent_to: head.sent_to.clone(),
            notification: Some(head),
        }
    }

    fn of_other(kind: MessageKind, head: OtherHead) -> Result<Self, StoreFailure> {
        let subject = MessageSubject::new(head.subject_kind, &head.subject);
        Ok(Self {
            kind,
            subject: subject.map_err(<serde_dynamo::Error as serde::de::Error>::custom)?,
            created_at: head.created_at,
            request_id: head.request_id,
            sent_to: head.sent_to,
            notification: None,
        })
    }

    /// Whether it goes to endpoints. A notification does only if it was accepted: not what has no word of ours, nor what
    /// came while the account's notifications were off.
    pub fn is_sent(&self) -> bool {
        self.notification
            .as_ref()
            .is_none_or(|notification| notification.status == ACCEPTED)
    }
}
