//! Shipments of orders in sales channels.

use rust_decimal::Decimal;
use serde::Serialize;

use crate::domain::personal::Personal;
use crate::domain::selling::document::{ChannelDocumentId, DocumentItem};
use crate::domain::text::Awb;

/// A tracking number with its courier, as the channel shows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Track {
    /// The courier's tracking number.
    pub track_number: Awb,
    /// The channel's code of the courier, such as `custom`.
    pub carrier_code: String,
    /// The courier's name, as the shopper sees it.
    pub title: String,
    /// The weight of the parcel, in the shop's unit.
    pub weight: Option<Decimal>,
    /// The number of pieces in the parcel.
    pub quantity: Option<Decimal>,
    /// What is in the parcel.
    pub description: Option<String>,
}

/// A request for a shipment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChannelShipmentRequest {
    /// The items; none means all that are not shipped.
    pub items: Vec<DocumentItem>,
    /// The tracking numbers; at least one.
    pub tracks: Vec<Track>,
    /// A comment for the shop's people.
    pub comment: Option<Personal>,
}

/// A shipment that a channel has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelShipment {
    /// Its id.
    pub shipment_id: ChannelDocumentId,
    /// Its number, which people see.
    pub increment_id: String,
    /// Its tracking numbers.
    pub tracks: Vec<Track>,
    /// Its items.
    pub items: Vec<DocumentItem>,
}
