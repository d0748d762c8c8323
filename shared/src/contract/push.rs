//! The push of a RMS Magic aggregator (docs/rms-magic.md), and what we answer to any push.

use serde::Serialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use crate::contract::booking::CARRIER_NAMES;
use crate::contract::event_details::{
    ATTEMPT_COUNT, EXPECTED_DELIVERY_DATE, EventDetails, LOCATION, REASON, REMARK,
};
use crate::contract::fields::{Fields, Unreadable, read_body};
use crate::contract::shipment::shipment_type;
use crate::contract::values::{instant, parsed, quantity, text};
use crate::domain::booking::MetaData;
use crate::domain::notification::{
    AggregatorLabel, Direction, Identity, Meaning, NotificationType, NotifiedItem, PushedEvent,
    PushedReturn, PushedShipment,
};
use crate::domain::shipment::ShipmentType;

/// Reads a push.
pub fn read_push(body: &[u8]) -> Result<PushedEvent, Unreadable> {
    let digest = Identity::Digest(Sha256::digest(body).into());
    read_body(body, |fields| read(fields, digest))
}

fn read(fields: &Fields<'_>, digest: Identity) -> Option<PushedEvent> {
    let event_id = fields.optional("eventId", text);
    let occurred_at = fields.optional("eventTime", instant);
    let shipment = read_shipment(fields);
    let pushed_type = fields.required("notificationType", text);
    let aggregator_name = fields.required("logisticAggregatorName", text);
    let warehouse = fields.optional("warehouseCode", parsed);
    let items = fields.list(&["items", "lineItems"], read_item);
    let details = details(fields);
    let pushed_type = pushed_type?;
    let meaning = notification_type(&pushed_type).map_or(Meaning::Unmapped, Meaning::Word);
    Some(PushedEvent {
        identity: event_id?.map_or(digest, Identity::Event),
        shipment: shipment?,
        meaning,
        meaning_turned: meaning,
        direction: Direction::Certain,
        pushed_type,
        occurred_at: occurred_at?,
        aggregator_name: AggregatorLabel::Pushed(aggregator_name?),
        warehouse: warehouse?,
        items: items?,
        meta_data: MetaData::new(),
        details,
        own_ids: std::collections::BTreeMap::new(),
        raw: None,
    })
}

/// What may be any JSON, so that a push is not refused for what a pusher has said in a field of the name before.
fn details(fields: &Fields<'_>) -> MetaData {
    let names = [
        ("reason", REASON),
        ("attemptCount", ATTEMPT_COUNT),
        ("location", LOCATION),
        ("remark", REMARK),
        ("expectedDeliveryDate", EXPECTED_DELIVERY_DATE),
    ];
    let details = names
        .into_iter()
        .fold(EventDetails::default(), |details, (field, name)| {
            details.with(name, fields.get(field))
        });
    details.meta_data()
}

/// The type that a pushed word names; the documents' samples use two words that their list spells otherwise.
fn notification_type(word: &str) -> Option<NotificationType> {
    match word {
        "IN_TRANSIT" => Some(NotificationType::Transit),
        "RETURN_PICKUP" => Some(NotificationType::ReturnPickedUp),
        word => word.parse().ok(),
    }
}

fn read_shipment(fields: &Fields<'_>) -> Option<PushedShipment> {
    let forward_order_code = fields.required_any(&["forwardOrderCode", "forwardOrderId"], parsed);
    let shipment_code = fields.optional("forwardShipmentCode", parsed);
    let forward_awb = fields.optional("forwardAwb", parsed);
    let carrier_name = fields.optional_any(&CARRIER_NAMES, text);
    let returning = fields.optional_object("returnOrderInfo", read_return);
    let shipment_type = fields.required("shipmentType", shipment_type);
    agree(fields, shipment_type, fields.has("returnOrderInfo"))?;
    Some(PushedShipment {
        forward_order_code: forward_order_code?,
        shipment_code: shipment_code?,
        forward_awb: forward_awb?,
        carrier_name: carrier_name?,
        returning: returning?,
        round: None,
    })
}

/// `shipmentType` and `returnOrderInfo` both tell a return from a forward order: they may not contradict each other.
fn agree(fields: &Fields<'_>, shipment_type: Option<ShipmentType>, has_return: bool) -> Option<()> {
    match (shipment_type?, has_return) {
        (ShipmentType::Return, false) => {
            fields.wrong_field("returnOrderInfo", "is missing, but shipmentType is RETURN");
            None
        }
        (ShipmentType::Forward, true) => {
            fields.wrong_field(
                "returnOrderInfo",
                "must be null, because shipmentType is FORWARD",
            );
            None
        }
        (ShipmentType::Return, true) | (ShipmentType::Forward, false) => Some(()),
    }
}

fn read_return(fields: &Fields<'_>) -> Option<PushedReturn> {
    let order_code = fields.required("returnOrderId", parsed);
    let awb = fields.optional("returnAwb", parsed);
    let carrier_name = fields.optional_any(&CARRIER_NAMES, text);
    Some(PushedReturn {
        order_code: order_code?,
        awb: awb?,
        carrier_name: carrier_name?,
    })
}

fn read_item(fields: &Fields<'_>) -> Option<NotifiedItem> {
    let item_id = fields.optional("itemId", text);
    let sku = fields.required("sku", text);
    let quantity = fields.required("quantity", quantity);
    Some(NotifiedItem {
        item_id: item_id?,
        sku: Some(sku?),
        quantity: Some(quantity?),
    })
}

/// The push on the wire.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = NotificationPush)]
pub struct PushBody {
    /// The pusher's own id of the event: a repeat of it is a duplicate. Without it a push with the same body within ten
    /// minutes is one.
    pub event_id: Option<String>,
    /// When it happened.
    #[schema(format = "date-time")]
    pub event_time: Option<String>,
    /// The forward order; also read as `forwardOrderId`. The client's order number or the aggregator's id.
    pub forward_order_code: String,
    /// One of several parcels of the order.
    pub forward_shipment_code: Option<String>,
    /// The forward AWB.
    pub forward_awb: Option<String>,
    /// The forward courier; also read as `courierName` and `transporter`.
    pub carrier_name: Option<String>,
    /// A word of the vocabulary, or `IN_TRANSIT` (`TRANSIT`) or `RETURN_PICKUP` (`RETURN_PICKED_UP`). Another word is stored as
    /// unmapped.
    #[schema(example = "OUT_FOR_DELIVERY")]
    pub notification_type: String,
    /// Whether a forward order or a return order moves.
    pub shipment_type: ShipmentType,
    /// The pusher's name.
    pub logistic_aggregator_name: String,
    /// The warehouse.
    pub warehouse_code: Option<String>,
    /// Present exactly when `shipmentType` is RETURN.
    pub return_order_info: Option<PushReturnBody>,
    /// The goods; also read as `lineItems`.
    pub items: Option<Vec<PushItemBody>>,
    /// Why a delivery or a pickup failed. This and the fields below are passed on in `logisticAggregatorMetaData`.
    pub reason: Option<String>,
    /// How often the courier tried to deliver.
    pub attempt_count: Option<u32>,
    /// Where the parcel is.
    pub location: Option<String>,
    /// What the courier adds.
    pub remark: Option<String>,
    /// When the parcel is expected.
    pub expected_delivery_date: Option<String>,
}

/// The return in a push.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PushReturnOrderInfo)]
pub struct PushReturnBody {
    /// The return order: the client's order number or the aggregator's id.
    pub return_order_id: String,
    /// The return's AWB.
    pub return_awb: Option<String>,
    /// The return's courier; also read as `courierName` and `transporter`.
    pub carrier_name: Option<String>,
}

/// A piece of goods in a push.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PushItem)]
pub struct PushItemBody {
    /// Stock keeping unit.
    pub sku: String,
    /// Number of pieces.
    pub quantity: u32,
    /// The client's id of the line.
    pub item_id: Option<String>,
}

/// What became of a pushed event.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema, strum::Display, strum::IntoStaticStr,
)]
#[serde(rename_all = "UPPERCASE")]
#[strum(serialize_all = "UPPERCASE")]
pub enum PushStatus {
    /// Stored, and on its way to every endpoint that wants it.
    Accepted,
    /// Stored before; nothing more is sent.
    Duplicate,
    /// Stored, but we have no word for it; not forwarded.
    Unmapped,
    /// Stored, but notifications of this account are off, or the event says nothing; not forwarded.
    Ignored,
}

/// What is answered to a push.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PushAnswer)]
pub struct PushAnswerBody {
    /// One entry per event of the push, in its order.
    pub notifications: Vec<PushedBody>,
}

/// One event of a push.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PushedNotification)]
pub struct PushedBody {
    /// Our id of the notification.
    pub notification_id: String,
    /// What became of it.
    pub status: PushStatus,
}
