//! Shipway's answers as ours. Success is what the body says, on two levels: the order and its AWB.

use std::collections::BTreeMap;

use serde_json::Value;
use url::Url;

use crate::aggregators::shipway::refusal::{refusal, words};
use crate::aggregators::shipway::status;
use crate::aggregators::shipway::wire::{entries, flag, is_scalar, word, written};
use crate::domain::booking::{Booking, MetaData};
use crate::domain::shipment::ShipmentType;
use crate::domain::text::{AggregatorOrderId, Awb};
use crate::outbound::client::Reply;
use crate::partners::failure::{Failure, Refusal};

/// How a creating call was answered.
#[derive(Debug)]
pub(super) enum Created {
    /// The order has an AWB.
    Booked(Box<Booking>),
    /// The order exists and has none; where that was refused, in these words.
    OrderAlone(Option<Refusal>),
    /// There is not even an order.
    Refused(Refusal),
    /// It decides nothing.
    Unclear,
}

/// Reads the answer of `v2orders` or `Createreturns`.
pub(super) fn created(
    reply: &Reply,
    order_id: &AggregatorOrderId,
    shipment_type: ShipmentType,
) -> Created {
    let is_refused = !(200..300).contains(&reply.status);
    let Some(body) = object(reply) else {
        return if is_refused {
            Created::Refused(refusal(reply.status, &Value::Null))
        } else {
            Created::Unclear
        };
    };
    let part = body.get("awb_response").unwrap_or(&Value::Null);
    let order_exists = says_order_exists(&body);
    let assigned = flag(part.get("success"));
    if let Some(awb) = awb(part, &["AWB", "awb"]) {
        return if assigned.unwrap_or(order_exists) {
            booked(&awb, &body, order_id, shipment_type)
        } else {
            Created::Unclear
        };
    }
    if order_exists {
        let is_awb_refused = !assigned.unwrap_or(words(part).is_none());
        return Created::OrderAlone(is_awb_refused.then(|| refusal(reply.status, &body)));
    }
    let says_no = is_refused || flag(body.get("success")) == Some(false);
    if says_no && assigned != Some(true) {
        Created::Refused(refusal(reply.status, &body))
    } else {
        Created::Unclear
    }
}

fn says_order_exists(body: &Value) -> bool {
    let says_yes = |part: Option<&Value>| part.and_then(|part| flag(part.get("success")));
    let parts = [
        Some(body),
        body.get("order_response"),
        body.get("create_return_response"),
    ];
    parts.into_iter().any(|part| says_yes(part) == Some(true))
}

fn booked(
    awb: &str,
    body: &Value,
    order_id: &AggregatorOrderId,
    shipment_type: ShipmentType,
) -> Created {
    let part = body.get("awb_response").unwrap_or(&Value::Null);
    let Ok(awb) = awb.parse() else {
        return Created::Unclear;
    };
    let rma = body
        .get("create_return_response")
        .and_then(|part| word(part, &["rma_no"]));
    Created::Booked(Box::new(Booking {
        label_url: label_url(part, shipment_type),
        own_ids: rma
            .map(|rma| ("rmaNo".to_owned(), rma))
            .into_iter()
            .collect(),
        ..booking(order_id, awb, word(part, &["carrier_name", "courier_name"]))
    }))
}

fn booking(order_id: &AggregatorOrderId, awb: Awb, carrier_name: Option<String>) -> Booking {
    Booking {
        order_id: Some(order_id.clone()),
        awb,
        carrier_name,
        label_url: None,
        commercial_invoice_url: None,
        meta_data: MetaData::new(),
        own_ids: BTreeMap::new(),
    }
}

/// Where the label is; a return has none.
fn label_url(part: &Value, shipment_type: ShipmentType) -> Option<Url> {
    if shipment_type == ShipmentType::Return {
        return None;
    }
    let url: Url = word(part, &["shipping_url", "label_url"])?.parse().ok()?;
    (matches!(url.scheme(), "http" | "https") && url.has_host()).then_some(url)
}

/// What Shipway has under the name of an order.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kept {
    /// No such order, in so many words.
    Nothing,
    /// The order, without an AWB.
    OrderAlone,
    /// The order with its AWB.
    Booked(Box<Booking>),
    /// The order with an AWB that is cancelled.
    Cancelled,
    /// The order, but nobody can tell its AWB.
    Illegible,
    /// Nobody can tell.
    Unclear,
}

/// Reads the answer of `getorders`. Only rows with the very order id count.
pub(super) fn kept(
    reply: &Reply,
    order_id: &AggregatorOrderId,
    shipment_type: ShipmentType,
) -> Result<Kept, Failure> {
    if !(200..300).contains(&reply.status) {
        return Ok(Kept::Unclear);
    }
    let body = object(reply).ok_or(Failure::Unreadable)?;
    let message = body.get("message").unwrap_or(&Value::Null);
    if says_no_orders(message) {
        return Ok(Kept::Nothing);
    }
    let success = flag(body.get("success"));
    let rows = rows(message).filter(|_| success != Some(false));
    let Some(rows) = rows else {
        return Ok(Kept::Unclear);
    };
    if rows.is_empty() && success == Some(true) {
        return Ok(Kept::Nothing);
    }
    let is_ours =
        |row: &&Value| word(row, &["order_id", "orderid"]).as_deref() == Some(order_id.as_str());
    let ours: Vec<&Value> = rows.into_iter().filter(is_ours).collect();
    Ok(ours
        .into_iter()
        .map(|row| of_row(row, order_id, shipment_type))
        .reduce(together)
        .unwrap_or(Kept::Unclear))
}

fn says_no_orders(message: &Value) -> bool {
    let text = written(message).unwrap_or_default().to_lowercase();
    matches!(
        text.trim_end_matches('.'),
        "no orders found" | "no order found"
    )
}

fn rows(message: &Value) -> Option<Vec<&Value>> {
    if message.get("order_id").is_some() {
        return Some(vec![message]);
    }
    entries(message)
}

fn of_row(row: &Value, order_id: &AggregatorOrderId, shipment_type: ShipmentType) -> Kept {
    const AWB: [&str; 4] = ["tracking_number", "awb_number", "AWB", "awb"];
    let told: Vec<&Value> = AWB.iter().filter_map(|name| row.get(name)).collect();
    if !told.iter().all(|value| is_scalar(value)) {
        return Kept::Illegible;
    }
    let Some(awb) = awb(row, &AWB) else {
        // Without a field for it the AWB may have a name that we do not know, unless the order is a new one.
        let is_new = word(row, &["status"]).is_none_or(|status| status == "O");
        return if is_new || !told.is_empty() {
            Kept::OrderAlone
        } else {
            Kept::Illegible
        };
    };
    let status = word(row, &["shipment_status"]);
    if status.as_deref().is_some_and(status::is_cancelled) {
        return Kept::Cancelled;
    }
    let carrier_name = word(row, &["carrier_name", "courier_name", "carrier_title"]);
    awb.parse().map_or(Kept::Illegible, |awb| {
        Kept::Booked(Box::new(Booking {
            label_url: label_url(row, shipment_type),
            ..booking(order_id, awb, carrier_name)
        }))
    })
}

/// An AWB; a 0 is none.
fn awb(part: &Value, names: &[&str]) -> Option<String> {
    word(part, names).filter(|awb| awb != "0")
}

/// What two rows of one order say together: an AWB beats none, and two of them decide nothing.
fn together(one: Kept, other: Kept) -> Kept {
    match (one, other) {
        (Kept::OrderAlone, other) => other,
        (one, Kept::OrderAlone) => one,
        (Kept::Booked(one), Kept::Booked(other)) if one.awb == other.awb => Kept::Booked(one),
        (Kept::Cancelled, Kept::Cancelled) => Kept::Cancelled,
        (_, _) => Kept::Illegible,
    }
}

/// The JSON object of an answer, if it is one.
pub(super) fn object(reply: &Reply) -> Option<Value> {
    let body: Option<Value> = serde_json::from_slice(&reply.body).ok();
    body.filter(Value::is_object)
}
