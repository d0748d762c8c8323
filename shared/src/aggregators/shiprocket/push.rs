//! Shiprocket's webhooks, in the formats of 2023 and 2021.
//!
//! Pushes have no event id. An event is identified by its AWB, its two statuses and the date of its newest scan. The
//! list of scans is ascending in one format and descending in the other, so scans are compared by date.

mod details;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::aggregators::india;
use crate::aggregators::reference::{NamedBooking, named};
use crate::aggregators::shiprocket::NAME;
use crate::aggregators::shiprocket::push::details::{details, of_attempt};
use crate::aggregators::shiprocket::status::StatusTable;
use crate::aggregators::shiprocket::wire::{flag, number, text};
use crate::contract::fields::{Unreadable, Violation, parse_json};
use crate::domain::notification::{
    AggregatorLabel, Direction, Identity, PushedEvent, PushedReturn, PushedShipment,
};
use crate::domain::shipment::ShipmentType;
use crate::domain::text::{AggregatorName, Awb};

/// Parses a push.
pub(super) fn read(body: &[u8]) -> Result<PushedEvent, Unreadable> {
    let push = parse_json(body)?;
    let code = code(&push);
    let order = order(&push);
    let mut missing = Vec::new();
    if order.is_none() {
        missing.push(violation(
            "/awb",
            "is missing, and so are order_id and sr_order_id",
        ));
    }
    if code.is_none() {
        missing.push(violation(
            "/shipment_status_id",
            "is missing or not a status, and so is current_status_id",
        ));
    }
    let aggregator: Option<AggregatorName> = NAME.parse().ok();
    let (Some(code), Some(order), Some(aggregator)) = (code, order, aggregator) else {
        return Err(Unreadable::Invalid(missing));
    };
    let (shipment_type, direction) = direction(&push, code, &order);
    let (table, status) = code;
    let occurred_at = occurred_at(&push);
    Ok(PushedEvent {
        identity: identity(&push, body),
        pushed_type: table.pushed_type(status),
        meaning: table.meaning(status, shipment_type),
        meaning_turned: table.meaning(status, shipment_type.turned()),
        direction,
        occurred_at,
        shipment: shipment(&push, order, shipment_type),
        aggregator_name: AggregatorLabel::Own(aggregator),
        warehouse: None,
        items: Vec::new(),
        meta_data: BTreeMap::new(),
        details: details(&push, occurred_at.is_some()),
        own_ids: std::collections::BTreeMap::new(),
        raw: None,
    })
}

fn violation(pointer: &str, detail: &str) -> Violation {
    Violation {
        pointer: pointer.to_owned(),
        detail: detail.to_owned(),
    }
}

/// The shipment's status. The order's status is used only if there is no other, because the two may differ.
fn code(push: &Value) -> Option<(StatusTable, u32)> {
    let code = |name| u32::try_from(number(push.get(name)?)?).ok();
    code("shipment_status_id")
        .map(|code| (StatusTable::Shipment, code))
        .or_else(|| Some((StatusTable::Order, code("current_status_id")?)))
}

/// The order in the push: our name for it, otherwise Shiprocket's id, otherwise the AWB.
fn order(push: &Value) -> Option<NamedBooking> {
    let said = |name| text(push.get(name)?);
    said("order_id").and_then(|name| named(&name)).or_else(|| {
        let mut ids = ["sr_order_id", "awb"].into_iter().filter_map(said);
        let order_number = ids.find_map(|id| id.parse().ok())?;
        Some(NamedBooking::plain(order_number))
    })
}

/// From the push, otherwise from its status or from our name for the order.
fn direction(
    push: &Value,
    (table, status): (StatusTable, u32),
    order: &NamedBooking,
) -> (ShipmentType, Direction) {
    match push.get("is_return").and_then(flag) {
        Some(false) => (ShipmentType::Forward, Direction::Told),
        Some(true) => (ShipmentType::Return, Direction::Told),
        None if table.is_of_return(status) => (ShipmentType::Return, Direction::Told),
        None if order.shipment_type == Some(ShipmentType::Return) => {
            (ShipmentType::Return, Direction::Told)
        }
        None => (ShipmentType::Forward, Direction::Unknown),
    }
}

fn shipment(push: &Value, order: NamedBooking, shipment_type: ShipmentType) -> PushedShipment {
    let awb: Option<Awb> = push
        .get("awb")
        .and_then(text)
        .and_then(|awb| awb.parse().ok());
    let carrier_name = push.get("courier_name").and_then(text);
    let is_return = shipment_type == ShipmentType::Return;
    let returning = is_return.then(|| PushedReturn {
        order_code: order.order_number.clone(),
        awb: awb.clone(),
        carrier_name: carrier_name.clone(),
    });
    PushedShipment {
        forward_order_code: order.order_number,
        shipment_code: order.shipment_code,
        forward_awb: awb.filter(|_| !is_return),
        carrier_name: carrier_name.filter(|_| !is_return),
        returning,
        round: order.round,
    }
}

/// Without any date, a repeat cannot be distinguished from the same status on another day: then a digest is used, for a
/// limited time.
fn identity(push: &Value, body: &[u8]) -> Identity {
    let said = |name| push.get(name).and_then(text).unwrap_or_default();
    let newest = newest(push, |_| true).or_else(|| pushed_at(push));
    let id = ["awb", "sr_order_id", "order_id"]
        .into_iter()
        .find_map(|name| text(push.get(name)?));
    match (id, newest) {
        (Some(id), Some(newest)) => {
            let attempt = of_attempt(push).map_or_else(String::new, |said| format!("|{said}"));
            Identity::Event(format!(
                "{id}|{}|{}|{newest}{attempt}",
                said("shipment_status_id"),
                said("current_status_id")
            ))
        }
        (Some(_) | None, _) => Identity::Digest(Sha256::digest(body).into()),
    }
}

/// The time of the status: the date of its scan, otherwise of the push, otherwise of the newest scan.
fn occurred_at(push: &Value) -> Option<Timestamp> {
    let status = push.get("shipment_status_id").and_then(number);
    newest(push, |scan| {
        status.is_some() && scan.get("sr-status").and_then(number) == status
    })
    .or_else(|| pushed_at(push))
    .or_else(|| newest(push, |_| true))
}

fn pushed_at(push: &Value) -> Option<Timestamp> {
    instant(push.get("current_timestamp")?)
}

fn newest(push: &Value, is_wanted: impl Fn(&Value) -> bool) -> Option<Timestamp> {
    let scans = push.get("scans")?.as_array()?;
    let wanted = scans.iter().filter(|scan| is_wanted(scan));
    wanted.filter_map(|scan| instant(scan.get("date")?)).max()
}

fn instant(date: &Value) -> Option<Timestamp> {
    india::instant(&text(date)?)
}
