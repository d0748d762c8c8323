//! A shipment with its timeline.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::notification::NotificationType;
use crate::domain::shipment::ShipmentType;
use crate::domain::timeline::EventEffect;

/// A shipment: its state and history.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = TrackedShipment)]
pub struct TrackedBody {
    /// The client's id of the order.
    pub order_number: String,
    /// One of several parcels of the order.
    pub shipment_code: Option<String>,
    /// Forward or return.
    pub shipment_type: ShipmentType,
    /// Its state, as listed in docs/notifications.md.
    #[schema(example = "IN_TRANSIT")]
    pub state: String,
    /// The AWB, once known.
    pub awb: Option<String>,
    /// The courier, once known.
    pub carrier_name: Option<String>,
    /// The account that booked it, or that pushed its first event.
    pub logistic_account_alias: Option<String>,
    /// The events, in the order in which they happened.
    pub events: Vec<TrackedEventBody>,
}

/// An event of a shipment.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = TrackedEvent)]
pub struct TrackedEventBody {
    /// Our id of the notification.
    pub notification_id: String,
    /// Its result on arrival.
    #[schema(example = "ACCEPTED")]
    pub status: String,
    /// The mapped type; null if the code is not mapped.
    pub notification_type: Option<NotificationType>,
    /// The type or code as pushed.
    pub pushed_type: String,
    /// When it arrived.
    #[schema(value_type = String, format = "date-time")]
    pub received_at: Timestamp,
    /// When it happened, if the push says so. Otherwise the event is sorted by its arrival.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub occurred_at: Option<Timestamp>,
    /// Its effect on the shipment; null if the code is not mapped.
    pub effect: Option<EventEffect>,
}
