//! Shared parsing of RMS Magic responses, whose formats the contract defines.

use crate::contract::booking;
use crate::contract::fields::read_body;
use crate::domain::booking::Booking;
use crate::domain::shipment::ShipmentType;
use crate::outbound::client::Reply;

/// The order number in the response.
pub(super) fn order_named(reply: &Reply) -> Option<String> {
    let body: serde_json::Value = serde_json::from_slice(&reply.body).ok()?;
    Some(body.get("orderNumber")?.as_str()?.to_owned())
}

pub(super) fn read_booking(reply: &Reply, shipment_type: ShipmentType) -> Option<Booking> {
    read_body(&reply.body, |fields| booking::read(fields, shipment_type)).ok()
}
