//! A stored message without its body.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::Deserialize;

use crate::domain::message::{MessageKind, MessageSubject, SubjectKind};
use crate::domain::notification::NotificationType;
use crate::domain::shipment::ShipmentType;
use crate::domain::text::{
    AccountAlias, AggregatorName, Awb, EndpointId, OrderNumber, RequestId, ShipmentCode,
};
use crate::store::failure::StoreFailure;
use crate::store::items::from_item;
use crate::store::keys::Key;

/// The status of a notification that is sent to endpoints.
const ACCEPTED: &str = "ACCEPTED";

/// A message without its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageHead {
    /// Its kind.
    pub kind: MessageKind,
    /// Its subject.
    pub subject: MessageSubject,
    /// When RMS accepted it, in epoch milliseconds.
    pub created_at: i64,
    /// The request that caused it; absent in old items.
    pub request_id: Option<RequestId>,
    /// The endpoints that it was queued for; empty in old items.
    pub sent_to: Vec<EndpointId>,
    /// The data that only notifications have.
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
    /// The pushed AWB; absent in old items.
    #[serde(default)]
    pub awb: Option<Awb>,
    /// The round of the pushed name.
    #[serde(default)]
    pub round: Option<u32>,
    /// Another order of the client that the push named, although its AWB belongs to this one.
    #[serde(default)]
    pub contradicts: Option<OrderNumber>,
    /// The account that pushed it, or that a return order is about; absent if there is none.
    #[serde(default)]
    pub alias: Option<AccountAlias>,
    /// Whether RMS itself made it, about a return order.
    #[serde(default)]
    pub by_rms: bool,
    /// The account's aggregator; absent in old items.
    #[serde(default)]
    pub aggregator: Option<AggregatorName>,
    /// Its result on arrival.
    pub status: String,
    /// Whether it is a test of the push URL.
    #[serde(default)]
    pub test: bool,
    /// The type as pushed; empty if it could not be read.
    pub pushed_type: String,
    /// The mapped type.
    #[serde(default)]
    pub notification_type: Option<NotificationType>,
    /// When it arrived, in epoch milliseconds.
    pub received_at: i64,
    /// When it happened, in epoch milliseconds, if the push says so.
    #[serde(default)]
    pub occurred_at: Option<i64>,
    /// The push's request id; absent in old items.
    #[serde(default)]
    pub request_id: Option<RequestId>,
    /// The endpoints that it was queued for; absent in old items.
    #[serde(default)]
    pub sent_to: Vec<EndpointId>,
}

impl NotificationHead {
    /// When it happened, in epoch milliseconds; if the push does not say so, when it arrived.
    pub fn happened_at(&self) -> i64 {
        self.occurred_at.unwrap_or(self.received_at)
    }
}

/// The attributes of a message that is not a notification.
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
    /// Reads an item; `None` for a kind of a later version.
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

    /// Whether it is sent to endpoints. A notification is sent only if it was accepted: not if it is unmapped, or
    /// arrived while the account's notifications were disabled.
    pub fn is_sent(&self) -> bool {
        self.notification
            .as_ref()
            .is_none_or(|notification| notification.status == ACCEPTED)
    }
}
