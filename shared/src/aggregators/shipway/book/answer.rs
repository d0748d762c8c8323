//! Converts Shipway's response to a booking. The body has two levels of success: the order and its AWB.

use std::collections::BTreeMap;

use serde_json::Value;
use url::Url;

use crate::aggregators::shipway::refusal::{refusal, words};
use crate::aggregators::shipway::wire::{flag, object, word};
use crate::domain::booking::{Booking, MetaData};
use crate::domain::shipment::ShipmentType;
use crate::domain::text::{AggregatorOrderId, Awb};
use crate::outbound::client::Reply;
use crate::partners::failure::Refusal;

/// The result of a creating call.
#[derive(Debug)]
pub(crate) enum BookingAnswer {
    /// The order has an AWB.
    Booked(Box<Booking>),
    /// The order exists without an AWB; if the AWB was refused, with the refusal.
    OrderAlone(Option<Refusal>),
    /// The order was not created.
    Refused(Refusal),
    /// The response is inconclusive.
    Unclear,
}

/// Parses the response of `v2orders` or `Createreturns`.
pub(crate) fn created(
    reply: &Reply,
    order_id: &AggregatorOrderId,
    shipment_type: ShipmentType,
) -> BookingAnswer {
    let is_refused = !(200..300).contains(&reply.status);
    let Some(body) = object(reply) else {
        return if is_refused {
            BookingAnswer::Refused(refusal(reply.status, &Value::Null))
        } else {
            BookingAnswer::Unclear
        };
    };
    let part = body.get("awb_response").unwrap_or(&Value::Null);
    let order_exists = says_order_exists(&body);
    let assigned = flag(part.get("success"));
    if let Some(awb) = awb(part, &["AWB", "awb"]) {
        return if assigned.unwrap_or(order_exists) {
            booked(&awb, &body, order_id, shipment_type)
        } else {
            BookingAnswer::Unclear
        };
    }
    if order_exists {
        let is_awb_refused = !assigned.unwrap_or(words(part).is_none());
        return BookingAnswer::OrderAlone(is_awb_refused.then(|| refusal(reply.status, &body)));
    }
    let says_no = is_refused || flag(body.get("success")) == Some(false);
    if says_no && assigned != Some(true) {
        BookingAnswer::Refused(refusal(reply.status, &body))
    } else {
        BookingAnswer::Unclear
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
) -> BookingAnswer {
    let part = body.get("awb_response").unwrap_or(&Value::Null);
    let Ok(awb) = awb.parse() else {
        return BookingAnswer::Unclear;
    };
    let rma = body
        .get("create_return_response")
        .and_then(|part| word(part, &["rma_no"]));
    BookingAnswer::Booked(Box::new(Booking {
        label_url: label_url(part, shipment_type),
        own_ids: rma
            .map(|rma| ("rmaNo".to_owned(), rma))
            .into_iter()
            .collect(),
        ..booking(order_id, awb, word(part, &["carrier_name", "courier_name"]))
    }))
}

pub(crate) fn booking(
    order_id: &AggregatorOrderId,
    awb: Awb,
    carrier_name: Option<String>,
) -> Booking {
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

/// The URL of the label; a return has none.
pub(crate) fn label_url(part: &Value, shipment_type: ShipmentType) -> Option<Url> {
    if shipment_type == ShipmentType::Return {
        return None;
    }
    let url: Url = word(part, &["shipping_url", "label_url"])?.parse().ok()?;
    (matches!(url.scheme(), "http" | "https") && url.has_host()).then_some(url)
}

/// An AWB; 0 means none.
pub(crate) fn awb(part: &Value, names: &[&str]) -> Option<String> {
    word(part, names).filter(|awb| awb != "0")
}
