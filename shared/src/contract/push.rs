//! The push of a RMS Magic aggregator (docs/rms-magic.md), and our response to any push.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::contract::booking::CARRIER_NAMES;
use crate::contract::described_values::FreeText;
use crate::contract::event_details::{
    ATTEMPT_COUNT, EXPECTED_DELIVERY_DATE, EventDetails, LOCATION, REASON, REMARK,
};
use crate::contract::fields::{Fields, Unreadable, Violation, read_body};
use crate::contract::shipment::shipment_type;
use crate::contract::values::{code_text, instant, of_partner, quantity, text};
use crate::digest::Sha256;
use crate::domain::booking::MetaData;
use crate::domain::event_kind::EventKind;
use crate::domain::notification::{
    AggregatorLabel, Direction, Identity, Meaning, NotificationType, NotifiedItem, PushedEvent,
    PushedReturn, PushedShipment,
};
use crate::domain::shipment::ShipmentType;
use crate::domain::text::{Awb, OrderNumber, ShipmentCode, WarehouseCode};

/// Reads a push.
pub fn read_push(body: &[u8]) -> Result<PushedEvent, Unreadable> {
    let digest = Identity::Digest(Sha256::digest(body).into());
    read_body(body, |fields| read(fields, digest))
}

fn read(fields: &Fields<'_>, digest: Identity) -> Option<PushedEvent> {
    let event_id = fields.optional("eventId", code_text);
    let occurred_at = fields.optional("eventTime", instant);
    let shipment = read_shipment(fields);
    let pushed_type = fields.required("notificationType", text);
    let aggregator_name = fields.required("logisticAggregatorName", text);
    let warehouse = fields.optional("warehouseCode", of_partner);
    let items = fields.list(&["items", "lineItems"], read_item);
    let details = details(fields);
    let pushed_type = pushed_type?;
    let meaning = meaning(&pushed_type);
    Some(PushedEvent {
        kind: EventKind::News,
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

/// The details of the event. They may be any JSON: a push is not rejected because of a field that senders already used for
/// something else.
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

/// The meaning of a pushed name.
pub fn meaning(pushed_type: &str) -> Meaning {
    notification_type(pushed_type).map_or(Meaning::Unmapped, Meaning::Word)
}

/// The type for a pushed name; the documents' samples spell two names differently from their list.
fn notification_type(word: &str) -> Option<NotificationType> {
    match word {
        "IN_TRANSIT" => Some(NotificationType::Transit),
        "RETURN_PICKUP" => Some(NotificationType::ReturnPickedUp),
        word => word.parse().ok(),
    }
}

fn read_shipment(fields: &Fields<'_>) -> Option<PushedShipment> {
    let forward_order_code =
        fields.required_any(&["forwardOrderCode", "forwardOrderId"], of_partner);
    let shipment_code = fields.optional("forwardShipmentCode", of_partner);
    let forward_awb = fields.optional("forwardAwb", of_partner);
    let carrier_name = fields.optional_any(&CARRIER_NAMES, text);
    let has_return = !fields.get("returnOrderInfo").is_none_or(is_empty);
    let returning = if has_return {
        fields.optional_object("returnOrderInfo", read_return)
    } else {
        Some(None)
    };
    let shipment_type = fields.required("shipmentType", shipment_type);
    agree(fields, shipment_type, has_return)?;
    Some(PushedShipment {
        forward_order_code: forward_order_code?,
        shipment_code: shipment_code?,
        forward_awb: forward_awb?,
        carrier_name: carrier_name?,
        returning: returning?,
        round: None,
    })
}

/// Whether a sender whose language has one type for lists and objects means no object.
fn is_empty(value: &Value) -> bool {
    value.as_str().is_some_and(str::is_empty) || value.as_array().is_some_and(Vec::is_empty)
}

/// Both `shipmentType` and `returnOrderInfo` distinguish a return from a forward order: they must not contradict each
/// other.
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
    let order_code = fields.required("returnOrderId", of_partner);
    let awb = fields.optional("returnAwb", of_partner);
    let carrier_name = fields.optional_any(&CARRIER_NAMES, text);
    Some(PushedReturn {
        order_code: order_code?,
        awb: awb?,
        carrier_name: carrier_name?,
    })
}

fn read_item(fields: &Fields<'_>) -> Option<NotifiedItem> {
    let item_id = fields.optional("itemId", code_text);
    let sku = fields.required("sku", code_text);
    let quantity = fields.required("quantity", quantity);
    Some(NotifiedItem {
        item_id: item_id?,
        sku: Some(sku?),
        quantity: Some(quantity?),
    })
}

/// The push in JSON.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = NotificationPush)]
pub struct PushBody {
    /// The sender's own id of the event: a repeat with the same id is a duplicate. Without an id, a push with the same
    /// body within ten minutes is a duplicate.
    #[schema(value_type = Option<FreeText>)]
    pub event_id: Option<String>,
    /// When it happened.
    #[schema(format = "date-time")]
    pub event_time: Option<String>,
    /// The forward order; also read as `forwardOrderId`. The client's order number or the aggregator's id.
    #[schema(value_type = OrderNumber)]
    pub forward_order_code: String,
    /// One of several parcels of the order.
    #[schema(value_type = Option<ShipmentCode>)]
    pub forward_shipment_code: Option<String>,
    /// The forward AWB.
    #[schema(value_type = Option<Awb>)]
    pub forward_awb: Option<String>,
    /// The forward courier; also read as `courierName` and `transporter`.
    #[schema(value_type = Option<FreeText>)]
    pub carrier_name: Option<String>,
    /// A notification type, or `IN_TRANSIT` (`TRANSIT`) or `RETURN_PICKUP` (`RETURN_PICKED_UP`). Any other value is
    /// stored as unmapped.
    #[schema(value_type = FreeText)]
    pub notification_type: String,
    /// Whether a forward order or a return order moves.
    pub shipment_type: ShipmentType,
    /// The sender's name.
    #[schema(value_type = FreeText)]
    pub logistic_aggregator_name: String,
    /// The warehouse.
    #[schema(value_type = Option<WarehouseCode>)]
    pub warehouse_code: Option<String>,
    /// Present only if `shipmentType` is RETURN.
    pub return_order_info: Option<PushReturnBody>,
    /// The items; also read as `lineItems`.
    #[schema(max_items = 500)]
    pub items: Option<Vec<PushItemBody>>,
    /// Why a delivery or a pickup failed. This field and the ones below are passed on in `logisticAggregatorMetaData`.
    pub reason: Option<String>,
    /// How often the courier tried to deliver.
    pub attempt_count: Option<u32>,
    /// Where the parcel is.
    pub location: Option<String>,
    /// The courier's remark.
    pub remark: Option<String>,
    /// The expected delivery date.
    pub expected_delivery_date: Option<String>,
}

/// The return in a push.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PushReturnOrderInfo)]
pub struct PushReturnBody {
    /// The return order: the client's order number or the aggregator's id.
    #[schema(value_type = OrderNumber)]
    pub return_order_id: String,
    /// The return's AWB.
    #[schema(value_type = Option<Awb>)]
    pub return_awb: Option<String>,
    /// The return's courier; also read as `courierName` and `transporter`.
    #[schema(value_type = Option<FreeText>)]
    pub carrier_name: Option<String>,
}

/// An item in a push.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PushItem)]
pub struct PushItemBody {
    /// Stock keeping unit.
    #[schema(value_type = FreeText)]
    pub sku: String,
    /// Number of pieces.
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub quantity: u32,
    /// The client's id of the line.
    #[schema(value_type = Option<FreeText>)]
    pub item_id: Option<String>,
}

/// The result of a pushed event.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema, strum::Display, strum::IntoStaticStr,
)]
#[serde(rename_all = "UPPERCASE")]
#[strum(serialize_all = "UPPERCASE")]
pub enum PushStatus {
    /// Stored and queued for every endpoint that subscribes to it.
    Accepted,
    /// Stored before; nothing is sent again.
    Duplicate,
    /// Stored, but the code is not mapped, or the entry of a batch could not be read; not forwarded.
    Unmapped,
    /// Stored, but notifications of this account are disabled, the event is not relevant, or it is a test; not forwarded.
    Ignored,
}

/// The response to a push.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PushAnswer)]
pub struct PushAnswerBody {
    /// One entry per event of the push, in order.
    pub notifications: Vec<PushedBody>,
}

/// An event of a push.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PushedNotification)]
pub struct PushedBody {
    /// Our id of the notification.
    pub notification_id: String,
    /// The result.
    pub status: PushStatus,
    /// Present if it is the sample that the aggregator's panel sends to test the URL: it is stored, but not forwarded.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(default = false)]
    pub test: bool,
    /// Present if it is an entry of a batch that could not be read: it is stored as it came, but not forwarded.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(default = false)]
    pub unreadable: bool,
    /// Why it could not be read; absent if it was.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<Violation>,
}
