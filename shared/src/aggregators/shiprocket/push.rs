//! Shiprocket's webhooks, in the formats of 2023 and 2021.
//!
//! Pushes have no event id. An event is identified by its AWB, its two statuses and the date of its newest scan. The
//! list of scans is ascending in one format and descending in the other, so scans are compared by date.

mod details;
mod sample;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;

use crate::aggregators::containers::entries;
use crate::aggregators::flags::flag;
use crate::aggregators::instants::{self, FinalZ};
use crate::aggregators::reference::{NamedBooking, named};
use crate::aggregators::shiprocket::NAME;
use crate::aggregators::shiprocket::push::details::{details, of_attempt};
use crate::aggregators::shiprocket::push::sample::{is_sample, placeholder};
use crate::aggregators::shiprocket::status::StatusTable;
use crate::aggregators::shiprocket::wire::{number, text};
use crate::contract::fields::{Unreadable, Violation, parse_json};
use crate::digest::Sha256;
use crate::domain::event_kind::EventKind;
use crate::domain::notification::{
    AggregatorLabel, Direction, Identity, PushedEvent, PushedReturn, PushedShipment,
};
use crate::domain::shipment::ShipmentType;
use crate::domain::text::{AggregatorName, Awb};

/// The merchant's number, in the format of 2021.
const CHANNEL_ORDER: &str = "channel_order_id";

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
        kind: if is_sample(&push) {
            EventKind::Sample
        } else {
            EventKind::News
        },
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

/// The order in the push: the merchant's number, which is our name for it, otherwise Shiprocket's id, otherwise the AWB.
/// In the format of 2021 `order_id` is Shiprocket's id if there is a `channel_order_id`.
fn order(push: &Value) -> Option<NamedBooking> {
    let said = |name| text(push.get(name)?);
    let mut names = [CHANNEL_ORDER, "order_id"].into_iter().filter_map(said);
    let is_name = |name: &String| !placeholder(name);
    let name = names.by_ref().filter(is_name).find_map(|name| named(&name));
    name.or_else(|| {
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
    let id = ["awb", "sr_order_id", "order_id", CHANNEL_ORDER]
        .into_iter()
        .find_map(|name| text(push.get(name)?));
    match (id, dated(push)) {
        (Some(id), Some(date)) => {
            let attempt = of_attempt(push).map_or_else(String::new, |said| format!("|{said}"));
            Identity::Event(format!(
                "{id}|{}|{}|{date}{attempt}",
                said("shipment_status_id"),
                said("current_status_id")
            ))
        }
        (Some(_) | None, _) => Identity::Digest(Sha256::digest(body).into()),
    }
}

/// The date that distinguishes an event: of the newest scan, otherwise of the push. A date that cannot be read is taken as
/// it is written; which scan is the newest cannot be told then, so the greatest text stands for all of them.
fn dated(push: &Value) -> Option<String> {
    let read = newest(push, |_| true).map(|at| at.to_string());
    let unread = scan_dates(push).filter(|date| instant(date).is_none());
    match (read, unread.max()) {
        (Some(read), Some(unread)) => Some(format!("{read}|{unread}")),
        (Some(read), None) => Some(read),
        (None, unread) => {
            let pushed = pushed_at(push).map(|at| at.to_string());
            pushed
                .or_else(|| text(push.get("current_timestamp")?))
                .or(unread)
        }
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
    instant(&text(push.get("current_timestamp")?)?)
}

fn newest(push: &Value, is_wanted: impl Fn(&Value) -> bool) -> Option<Timestamp> {
    let scans = entries(push.get("scans")?)?.into_iter();
    let wanted = scans.filter(|scan| is_wanted(scan));
    wanted
        .filter_map(|scan| instant(&text(scan.get("date")?)?))
        .max()
}

/// The dates of all scans, as they are written.
fn scan_dates(push: &Value) -> impl Iterator<Item = String> {
    let scans = push.get("scans").and_then(entries).unwrap_or_default();
    let dates = scans.into_iter();
    dates.filter_map(|scan| text(scan.get("date")?))
}

fn instant(date: &str) -> Option<Timestamp> {
    instants::instant(date, FinalZ::Utc)
}
