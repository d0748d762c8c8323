//! Shipments: `POST /shipment/`, which leaves the order's status and quantities as they are (#3307).

use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::channels::call::ChannelCall;
use crate::channels::magento::account::source_code;
use crate::channels::magento::call::{changes, get, post, reads};
use crate::channels::magento::documents::{
    ListedDocument, WireDocumentItem, all, created, document_id, items, number_of, sent_items,
};
use crate::channels::magento::read::{is_absent, text};
use crate::channels::magento::session::ask;
use crate::channels::magento::wire::{Text, WireId, WireNumber};
use crate::contract::number::json_number;
use crate::domain::selling::document::ChannelDocumentId;
use crate::domain::selling::shipment::{ChannelShipment, ChannelShipmentRequest, Track};
use crate::domain::text::ChannelOrderId;
use crate::partners::failure::PartnerFailure;
use crate::partners::transport::Operation;

const CREATE: Operation = changes("create_shipment");
const LIST: Operation = reads("list_shipments");
const READ: Operation = reads("read_shipment");

/// Creates a shipment.
pub(super) async fn create(
    call: ChannelCall<'_>,
    order: &ChannelOrderId,
    shipment: &ChannelShipmentRequest,
) -> Result<ChannelDocumentId, PartnerFailure> {
    #[derive(Deserialize)]
    struct Created {
        entity_id: WireId,
    }
    let body = entity(number_of(order)?, shipment, source_code(call.account))?;
    // The path ends in a slash.
    let request = post(call.account, &["shipment", ""], &body)?;
    let answer = ask(call, CREATE, request).await?;
    answer.read(|reply| {
        let created: Created = created(reply, CREATE)?;
        document_id(created.entity_id).ok_or(CREATE.unclear())
    })
}

fn entity(
    order: u64,
    shipment: &ChannelShipmentRequest,
    source: Option<&str>,
) -> Result<Value, PartnerFailure> {
    let pieces: Decimal = shipment.items.iter().map(|item| item.quantity).sum();
    let track = |track: &Track| {
        json!({
            "order_id": order,
            // The shop fills it in.
            "parent_id": 0,
            "weight": json_number(track.weight.unwrap_or_default()),
            "qty": json_number(track.quantity.unwrap_or(pieces)),
            "description": track.description.as_ref().unwrap_or(&track.title),
            "track_number": track.track_number,
            "title": track.title,
            "carrier_code": track.carrier_code,
        })
    };
    let comment = shipment.comment.iter().map(|comment| {
        json!({
            "comment": comment.expose(),
            "is_customer_notified": 0,
            "is_visible_on_front": 0,
            "parent_id": 0,
        })
    });
    let mut entity = json!({
        "order_id": order,
        "items": sent_items(&shipment.items)?,
        "tracks": shipment.tracks.iter().map(track).collect::<Vec<_>>(),
        "comments": comment.collect::<Vec<_>>(),
    });
    if let (Some(source), Some(fields)) = (source, entity.as_object_mut()) {
        let attributes = json!({ "source_code": source });
        fields.insert("extension_attributes".to_owned(), attributes);
    }
    Ok(json!({ "entity": entity }))
}

/// The shipments of an order, with those of handovers.
pub(super) async fn list(
    call: ChannelCall<'_>,
    order: &ChannelOrderId,
) -> Result<Vec<ChannelShipment>, PartnerFailure> {
    all(call, LIST, ("shipments", order)).await
}

/// Reads a shipment; `None` if the shop has none with this id.
pub(super) async fn read(
    call: ChannelCall<'_>,
    id: &ChannelDocumentId,
) -> Result<Option<ChannelShipment>, PartnerFailure> {
    let Some(number) = shipment_number(id) else {
        return Ok(None);
    };
    let request = get(call.account, &["shipment", &number], &[])?;
    let answer = ask(call, READ, request).await?;
    answer.read(|reply| {
        if is_absent(reply) {
            return Ok(None);
        }
        let raw = serde_json::from_str(text(reply)?).map_err(|_| PartnerFailure::Unreadable)?;
        let read = ChannelShipment::read(raw).filter(|read| read.shipment_id.as_str() == number);
        read.ok_or(PartnerFailure::Unreadable).map(Some)
    })
}

/// The id as the shop writes it; `None` if it is no id of a shop.
pub(super) fn shipment_number(id: &ChannelDocumentId) -> Option<String> {
    let number: u64 = id.as_str().parse().ok()?;
    Some(number.to_string())
}

#[derive(Deserialize)]
struct WireShipment<'a> {
    entity_id: WireId,
    #[serde(borrow, default)]
    increment_id: Option<Text<'a>>,
    #[serde(borrow, default)]
    tracks: Option<Vec<WireTrack<'a>>>,
    #[serde(default)]
    items: Option<Vec<WireDocumentItem>>,
}

#[derive(Deserialize)]
struct WireTrack<'a> {
    #[serde(borrow, default)]
    track_number: Option<Text<'a>>,
    #[serde(borrow, default)]
    carrier_code: Option<Text<'a>>,
    #[serde(borrow, default)]
    title: Option<Text<'a>>,
    #[serde(default)]
    weight: Option<WireNumber>,
    #[serde(default)]
    qty: Option<WireNumber>,
    #[serde(borrow, default)]
    description: Option<Text<'a>>,
}

impl WireTrack<'_> {
    /// The tracking number; one without a number is none.
    fn read(self) -> Option<Track> {
        let words = |text: Option<Text<'_>>| text.map(|text| text.0.into_owned());
        let number = |number: Option<WireNumber>| {
            let number = number.map(|number| number.0.normalize());
            number.filter(|number| !number.is_zero())
        };
        Some(Track {
            track_number: self.track_number?.0.trim().parse().ok()?,
            carrier_code: words(self.carrier_code).unwrap_or_default(),
            title: words(self.title).unwrap_or_default(),
            weight: number(self.weight),
            quantity: number(self.qty),
            description: words(self.description).filter(|text| !text.is_empty()),
        })
    }
}

impl ListedDocument for ChannelShipment {
    fn read(raw: &RawValue) -> Option<Self> {
        let shipment: WireShipment<'_> = serde_json::from_str(raw.get()).ok()?;
        let tracks = shipment.tracks.into_iter().flatten();
        Some(Self {
            shipment_id: document_id(shipment.entity_id)?,
            increment_id: shipment
                .increment_id
                .map_or_else(String::new, |id| id.0.into()),
            tracks: tracks.filter_map(WireTrack::read).collect(),
            items: items(shipment.items),
        })
    }

    fn id(&self) -> &ChannelDocumentId {
        &self.shipment_id
    }
}
