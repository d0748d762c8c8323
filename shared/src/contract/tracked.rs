//! A shipment with its time line.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::notification::NotificationType;
use crate::domain::shipment::ShipmentType;
use crate::domain::timeline::EventEffect;

/// Where a shipment is, and how it came there.
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
    /// Where it is, in the words of docs/notifications.md; null for an order that has only parcels, each with a state of
    /// its own.
    #[schema(example = "IN_TRANSIT")]
    pub state: Option<String>,
    /// The AWB, once it is known.
    pub awb: Option<String>,
    /// The courier, once it is known.
    pub carrier_name: Option<String>,
    /// The AWBs that it had before, the first one first: of bookings that were cancelled, and those that another AWB replaced.
    pub earlier_awbs: Vec<String>,
    /// The account that books it, or that pushed the first of its events.
    pub logistic_account_alias: Option<String>,
    /// What happened, in the order in which it happened.
    pub events: Vec<TrackedEventBody>,
    /// The parcels of the order, by their codes, when it is asked for without one.
    pub parcels: Vec<TrackedParcelBody>,
}

/// One of several parcels of an order; with `shipmentCode` it is told with its time line.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = TrackedParcel)]
pub struct TrackedParcelBody {
    /// Its code.
    pub shipment_code: String,
    /// Where it is, in the words of docs/notifications.md.
    #[schema(example = "IN_TRANSIT")]
    pub state: String,
    /// The AWB, once it is known.
    pub awb: Option<String>,
    /// The courier, once it is known.
    pub carrier_name: Option<String>,
    /// The account that books it, or that pushed the first of its events.
    pub logistic_account_alias: Option<String>,
}

/// One event of a shipment.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = TrackedEvent)]
pub struct TrackedEventBody {
    /// Our id of the notification.
    pub notification_id: String,
    /// What became of it when it came.
    #[schema(example = "ACCEPTED")]
    pub status: String,
    /// The AWB that was pushed; null where none was.
    pub awb: Option<String>,
    /// Another order of the client's that the push names, although its AWB belongs to this one; null in general.
    pub contradicts: Option<String>,
    /// RMS's word for what happened; null where there is none.
    pub notification_type: Option<NotificationType>,
    /// The pusher's own word or code.
    pub pushed_type: String,
    /// When it came.
    #[schema(value_type = String, format = "date-time")]
    pub received_at: Timestamp,
    /// When it happened, where the pusher says so. Without it the event stands at its arrival.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub occurred_at: Option<Timestamp>,
    /// What it did to the shipment: what is SUPERSEDED is about an earlier AWB. Null where RMS has no word for it.
    pub effect: Option<EventEffect>,
}
