//! A shipment with its timeline.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::contract::described_values::ShipmentState;
use crate::contract::push::PushStatus;
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
    /// Its state, as listed in docs/notifications.md; null for an order that has only parcels, each with its own state.
    #[schema(value_type = Option<ShipmentState>)]
    pub state: Option<String>,
    /// The AWB, once known.
    pub awb: Option<String>,
    /// The courier, once known.
    pub carrier_name: Option<String>,
    /// Its earlier AWBs, oldest first: of cancelled bookings, and those that were replaced by another AWB.
    pub earlier_awbs: Vec<String>,
    /// The account that booked it, or that pushed its first event.
    pub logistic_account_alias: Option<String>,
    /// The events, in the order in which they happened; those of the same `occurredAt` in the order in which they arrived.
    pub events: Vec<TrackedEventBody>,
    /// The `cursor` for the next page of events; null at the end.
    pub cursor: Option<String>,
    /// The parcels of the order, by code, if the order is requested without one.
    pub parcels: Vec<TrackedParcelBody>,
}

/// One of several parcels of an order; a request with `shipmentCode` returns it with its timeline.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = TrackedParcel)]
pub struct TrackedParcelBody {
    /// Its code.
    pub shipment_code: String,
    /// Its state, as listed in docs/notifications.md.
    #[schema(value_type = ShipmentState)]
    pub state: String,
    /// The AWB, once known.
    pub awb: Option<String>,
    /// The courier, once known.
    pub carrier_name: Option<String>,
    /// The account that booked it, or that pushed its first event.
    pub logistic_account_alias: Option<String>,
}

/// An event of a shipment.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = TrackedEvent)]
pub struct TrackedEventBody {
    /// Our id of the notification.
    pub notification_id: String,
    /// Its result on arrival.
    #[schema(value_type = PushStatus)]
    pub status: String,
    /// The pushed AWB; null if none was pushed.
    pub awb: Option<String>,
    /// Another order of the client that the push names, although its AWB belongs to this order; usually null.
    pub contradicts: Option<String>,
    /// The mapped type; null if the code is not mapped.
    pub notification_type: Option<NotificationType>,
    /// The type or code as pushed; empty if it could not be read.
    pub pushed_type: String,
    /// Present if it is a test of the push URL, which has no effect.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(default = false)]
    pub test: bool,
    /// When it arrived.
    #[schema(value_type = String, format = "date-time")]
    pub received_at: Timestamp,
    /// When it happened, if the push says so. Otherwise the event is sorted by its arrival.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub occurred_at: Option<Timestamp>,
    /// Its effect on the shipment: an event of an earlier AWB is SUPERSEDED. Null if the code is not mapped, or if it is a test.
    pub effect: Option<EventEffect>,
}
