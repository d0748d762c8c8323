//! Notifications as they are listed.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::contract::stored::AttemptBody;
use crate::domain::delivery::{DeliveryRecord, DeliveryState};
use crate::domain::notification::NotificationType;
use crate::domain::shipment::ShipmentType;

/// A page of notifications. Those of an order or an AWB stand in the order of their arrival, others the newest first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Notifications)]
pub struct ListBody {
    /// The notifications.
    pub notifications: Vec<ListedBody>,
    /// Give it as `cursor` for the next page; null at the end. A page may be empty and not be the last.
    pub cursor: Option<String>,
}

/// One notification, and in a list of deliveries one delivery of it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ListedNotification)]
pub struct ListedBody {
    /// Our id of the notification.
    pub notification_id: String,
    /// What became of it when it came.
    #[schema(example = "ACCEPTED")]
    pub status: String,
    /// The aggregator whose account pushed it; null where that was not recorded.
    #[schema(example = "CLICKPOST")]
    pub aggregator: Option<String>,
    /// The account that pushed it.
    pub logistic_account_alias: String,
    /// The order that it is about.
    pub order_number: String,
    /// Forward or return.
    pub shipment_type: ShipmentType,
    /// RMS's word for what happened; null where there is none.
    pub notification_type: Option<NotificationType>,
    /// The pusher's own word or code.
    #[schema(example = "1005")]
    pub pushed_type: String,
    /// When it came.
    #[schema(value_type = String, format = "date-time")]
    pub received_at: Timestamp,
    /// When it happened, where the pusher says so.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub occurred_at: Option<Timestamp>,
    /// In a list of deliveries only: the `webhook-id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivery_id: Option<String>,
    /// In a list of deliveries only: where it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "FAILED")]
    pub state: Option<ListedState>,
    /// In a list of deliveries only: how many attempts there were.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempt_count: Option<u32>,
    /// In a list of deliveries only: the latest attempt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_attempt: Option<AttemptBody>,
}

/// Where a listed delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "UPPERCASE")]
#[schema(as = ListedDeliveryState)]
pub enum ListedState {
    /// The endpoint answered 2xx meanwhile.
    Delivered,
    /// It waits for its first attempt, or failed and is tried again.
    Pending,
    /// It waits until its suspended endpoint takes something again.
    Parked,
    /// It was given up, and can be recovered.
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
    /// The same notification in a list of deliveries.
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
