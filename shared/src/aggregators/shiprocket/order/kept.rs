//! Orders at Shiprocket.

use serde_json::Value;

use crate::aggregators::reference::BookingReference;
use crate::aggregators::shiprocket::wire::{number, text};
use crate::aggregators::unused_fields::log_unused;
use crate::contract::optional_fields::OptionalFields;
use crate::domain::text::{AggregatorOrderId, Awb};

/// The key of an order's two ids, in the progress and in the booking.
pub(crate) const ORDER: &str = "order";
/// Separates an AWB from its courier's name. An AWB cannot contain it, because it is not printable.
const BETWEEN: char = '\t';

/// Shiprocket's two ids of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OrderIds {
    /// The order id.
    pub(crate) order: AggregatorOrderId,
    /// The shipment id.
    pub(crate) shipment: String,
}

impl OrderIds {
    /// Both ids as one string.
    pub(crate) fn packed(&self) -> String {
        format!("{}/{}", self.order, self.shipment)
    }

    /// Parses both ids.
    pub(crate) fn unpacked(packed: &str) -> Option<Self> {
        let (order, shipment) = packed.split_once('/')?;
        Some(Self {
            order: order.parse().ok()?,
            shipment: shipment.to_owned(),
        })
    }
}

/// An AWB with its courier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AssignedAwb {
    /// The AWB.
    pub(crate) awb: Awb,
    /// The courier's name.
    pub(crate) carrier_name: Option<String>,
}

impl AssignedAwb {
    /// Both values as one string.
    pub(crate) fn packed(&self) -> String {
        let name = self.carrier_name.as_deref().unwrap_or_default();
        format!("{}{BETWEEN}{name}", self.awb)
    }

    /// Parses both values.
    pub(crate) fn unpacked(packed: &str) -> Option<Self> {
        let (awb, name) = packed.split_once(BETWEEN).unwrap_or((packed, ""));
        Some(Self {
            awb: awb.parse().ok()?,
            carrier_name: (!name.is_empty()).then(|| name.to_owned()),
        })
    }
}

/// An order at Shiprocket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ShiprocketOrder {
    /// Its ids.
    pub(crate) ids: OrderIds,
    /// Its AWB, if it has one.
    pub(crate) assigned: Option<AssignedAwb>,
    /// Whether it is cancelled.
    pub(crate) is_cancelled: bool,
}

pub(crate) fn created_order(answer: &Value) -> Option<ShiprocketOrder> {
    order(answer, &["/order_id"], &["/shipment_id"])
}

/// Parses an order of `GET orders` or `GET orders/show/…`: its shipment is an object in one and a list in the other.
pub(crate) fn kept_order(order_of: &Value) -> Option<ShiprocketOrder> {
    let shipment = ["/shipments/id", "/shipments/0/id", "/shipment_id"];
    order(order_of, &["/id"], &shipment)
}

pub(crate) fn order(
    of: &Value,
    order_id: &[&str],
    shipment_id: &[&str],
) -> Option<ShiprocketOrder> {
    Some(ShiprocketOrder {
        ids: OrderIds {
            order: first(of, order_id)?.parse().ok()?,
            shipment: first(of, shipment_id)?,
        },
        assigned: awb_of(of),
        is_cancelled: is_cancelled(of),
    })
}

pub(crate) fn awb_of(of: &Value) -> Option<AssignedAwb> {
    let awb = [
        "/awb_code",
        "/shipments/awb",
        "/shipments/awb_code",
        "/shipments/0/awb",
        "/shipments/0/awb_code",
        "/awb_data/awb",
    ];
    let carrier_name = [
        "/courier_name",
        "/shipments/courier",
        "/shipments/courier_name",
        "/shipments/0/courier",
        "/shipments/0/courier_name",
    ];
    let awb = first(of, &awb)?.parse().ok()?;
    let mut optional = OptionalFields::default();
    let names = carrier_name
        .iter()
        .filter_map(|pointer| of.pointer(pointer));
    let carrier_name = optional.told("courier_name", names, text).line();
    log_unused(&optional);
    Some(AssignedAwb { awb, carrier_name })
}

/// By the code of the order table, or by the text if there is no code.
pub(crate) fn is_cancelled(of: &Value) -> bool {
    const CODES: [i64; 3] = [5, 27, 54];
    const TEXTS: [&str; 4] = [
        "CANCELED",
        "CANCELLED",
        "RETURN CANCELLED",
        "CANCELED BEFORE DISPATCHED",
    ];
    let code = of.get("status_code").and_then(number);
    let status = of.get("status").and_then(text);
    code.is_some_and(|code| CODES.contains(&code))
        || status.is_some_and(|status| TEXTS.iter().any(|known| status.eq_ignore_ascii_case(known)))
}

fn first(of: &Value, pointers: &[&str]) -> Option<String> {
    pointers
        .iter()
        .find_map(|pointer| text(of.pointer(pointer)?))
}

/// Shiprocket's order id, if known.
pub(crate) fn order_id(reference: BookingReference<'_>) -> Option<AggregatorOrderId> {
    let reached = reference.reached.get(ORDER);
    let ids = reached.and_then(|packed| OrderIds::unpacked(packed));
    ids.map(|ids| ids.order)
        .or_else(|| reference.order_id.cloned())
}
