//! Documents of an order in a sales channel, which a request creates: an invoice, a shipment, a handover.
//!
//! A handover is a shipment too, which also completes the order: the channel keeps both in one list.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::domain::selling::handover::HandoverRequest;
use crate::domain::selling::invoice::ChannelInvoiceRequest;
use crate::domain::selling::shipment::{ChannelShipmentRequest, Track};
use crate::domain::text::{Rule, Shape, Text};

/// The rule of an item's id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChannelItemIdRule {}
/// A sales channel's id of an item of an order.
pub type ChannelItemId = Text<ChannelItemIdRule>;

impl Rule for ChannelItemIdRule {
    const NAME: &'static str = "ChannelItemId";
    const SHAPE: Shape = Shape::NAME;
}

/// The rule of a document's id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChannelDocumentIdRule {}
/// A sales channel's id of an invoice or a shipment.
pub type ChannelDocumentId = Text<ChannelDocumentIdRule>;

impl Rule for ChannelDocumentIdRule {
    const NAME: &'static str = "ChannelDocumentId";
    const SHAPE: Shape = Shape::NAME;
}

/// The rule of a request's key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RequestKeyRule {}
/// The client's own name of a request: two equal requests with different keys are two requests.
pub type RequestKey = Text<RequestKeyRule>;

impl Rule for RequestKeyRule {
    const NAME: &'static str = "RequestKey";
    const SHAPE: Shape = Shape::CODE;
}

/// A quantity of an item.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DocumentItem {
    /// The item.
    pub item_id: ChannelItemId,
    /// The quantity, more than zero.
    pub quantity: Decimal,
}

/// In which of a channel's lists a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentList {
    /// The invoices.
    Invoices,
    /// The shipments, with the handovers.
    Shipments,
}

/// A document that a request creates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewDocument {
    /// An invoice.
    Invoice(ChannelInvoiceRequest),
    /// A shipment.
    Shipment(ChannelShipmentRequest),
    /// A handover.
    Handover(HandoverRequest),
}

impl NewDocument {
    /// In which list it will be.
    pub fn list(&self) -> DocumentList {
        match self {
            Self::Invoice(_) => DocumentList::Invoices,
            Self::Shipment(_) | Self::Handover(_) => DocumentList::Shipments,
        }
    }

    /// The items that it names; none means all that are open.
    pub fn items(&self) -> &[DocumentItem] {
        match self {
            Self::Invoice(invoice) => &invoice.items,
            Self::Shipment(shipment) => &shipment.items,
            Self::Handover(handover) => &handover.items,
        }
    }

    /// Its tracking numbers.
    pub fn tracks(&self) -> &[Track] {
        match self {
            Self::Invoice(_) => &[],
            Self::Shipment(shipment) => &shipment.tracks,
            Self::Handover(handover) => &handover.tracks,
        }
    }
}

/// A document as far as it is compared with what a request asked for.
#[derive(Debug, Clone, Copy)]
pub struct DocumentContent<'a> {
    /// Its items.
    pub items: &'a [DocumentItem],
    /// Its tracking numbers.
    pub tracks: &'a [Track],
}

/// Whether two documents have the same tracking numbers, in any order. A shop may change the titles.
pub fn same_tracks(some: &[Track], others: &[Track]) -> bool {
    let sorted = |tracks: &[Track]| {
        let mut numbers: Vec<(String, String)> = tracks
            .iter()
            .map(|track| (track.track_number.to_string(), track.carrier_code.clone()))
            .collect();
        numbers.sort();
        numbers
    };
    sorted(some) == sorted(others)
}
