//! Lists of notifications.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::contract::push::PushStatus;
use crate::contract::stored::AttemptBody;
use crate::domain::delivery::{DeliveryRecord, DeliveryState};
use crate::domain::notification::NotificationType;
use crate::domain::shipment::ShipmentType;

/// A page of notifications. Those of an order or an AWB are in order of arrival, others newest first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Notifications)]
pub struct ListBody {
    /// The notifications.
    pub notifications: Vec<ListedBody>,
    /// The `cursor` for the next page; null at the end. An empty page may be followed by others.
    pub cursor: Option<String>,
}

/// A notification; in a list of deliveries, one of its deliveries.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ListedNotification)]
pub struct ListedBody {
    /// Our id of the notification.
    pub notification_id: String,
    /// Its result on arrival.
    #[schema(value_type = PushStatus)]
    pub status: String,
    /// The aggregator of the account; null if it was not recorded.
    #[schema(example = "CLICKPOST")]
    pub aggregator: Option<String>,
    /// The account that pushed it, or that a return order is about; null if there is none.
    pub logistic_account_alias: Option<String>,
    /// The order number.
    pub order_number: String,
    /// Forward or return.
    pub shipment_type: ShipmentType,
    /// The mapped type; null if the code is not mapped.
    pub notification_type: Option<NotificationType>,
    /// The type or code as pushed; empty if it could not be read.
    #[schema(example = "1005")]
    pub pushed_type: String,
    /// Present if it is the sample that the aggregator's panel sends to test the push URL: it is not forwarded.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(default = false)]
    pub test: bool,
    /// Present if it is an entry of a batch that could not be read: it is not forwarded.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(default = false)]
    pub unreadable: bool,
    /// When it arrived.
    #[schema(value_type = String, format = "date-time")]
    pub received_at: Timestamp,
    /// When it happened, if the push says so.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub occurred_at: Option<Timestamp>,
    /// In a list of deliveries only: the `webhook-id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivery_id: Option<String>,
    /// In a list of deliveries only: the state.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "FAILED")]
    pub state: Option<ListedState>,
    /// In a list of deliveries only: the number of attempts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempt_count: Option<u32>,
    /// In a list of deliveries only: the latest attempt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_attempt: Option<AttemptBody>,
}

/// The state of a listed delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "UPPERCASE")]
#[schema(as = ListedDeliveryState)]
pub enum ListedState {
    /// The endpoint has answered 2xx in the meantime.
    Delivered,
    /// It waits for its first attempt, or it failed and is being retried.
    Pending,
    /// It waits until its suspended endpoint recovers.
    Parked,
    /// It was given up; it can be recovered.
    Failed,
}

impl From<DeliveryState> for ListedState {
    fn from(state: DeliveryState) -> Self {
        match state {
            DeliveryState::Delivered => Self::Delivered,
            DeliveryState::Pending => Self::Pending,
            DeliveryState::Failed => Self::Failed,
        }
    }
}

impl ListedBody {
    /// The same notification as an entry in a list of deliveries.
    #[must_use]
    pub fn delivered_as(self, delivery_id: String, record: &DeliveryRecord) -> Self {
        Self {
            delivery_id: Some(delivery_id),
            state: Some(record.state.into()),
            attempt_count: Some(record.attempts),
            last_attempt: record.latest().map(AttemptBody::from),
            ..self
        }
    }
}
