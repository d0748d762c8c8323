//! Converts Shipway's response to a booking. The body has two levels of success: the order and its AWB.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::aggregators::shipway::refusal::{refusal, words};
use crate::aggregators::shipway::wire::{fields, flag, object, word, written};
use crate::aggregators::unused_fields::log_unused;
use crate::contract::optional_fields::OptionalFields;
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
    let mut optional = OptionalFields::default();
    let rma = body
        .get("create_return_response")
        .and_then(|part| optional.told("rma_no", part.get("rma_no"), written).code());
    let booking = booking(order_id, awb, part, shipment_type, optional);
    BookingAnswer::Booked(Box::new(Booking {
        own_ids: rma
            .map(|rma| ("rmaNo".to_owned(), rma))
            .into_iter()
            .collect(),
        ..booking
    }))
}

/// The booking with an AWB, and with what `part` of a response says about it. A return has no label.
pub(crate) fn booking(
    order_id: &AggregatorOrderId,
    awb: Awb,
    part: &Value,
    shipment_type: ShipmentType,
    mut optional: OptionalFields,
) -> Booking {
    const CARRIER_NAMES: [&str; 3] = ["carrier_name", "courier_name", "carrier_title"];
    const LABELS: [&str; 2] = ["shipping_url", "label_url"];
    let carrier_names = fields(part, &CARRIER_NAMES);
    let carrier_name = optional.told("carrier_name", carrier_names, written).line();
    let label_url = match shipment_type {
        ShipmentType::Forward => optional
            .told("shipping_url", fields(part, &LABELS), written)
            .document(),
        ShipmentType::Return => None,
    };
    log_unused(&optional);
    Booking {
        order_id: Some(order_id.clone()),
        awb,
        carrier_name,
        label_url,
        commercial_invoice_url: None,
        meta_data: MetaData::new(),
        own_ids: BTreeMap::new(),
    }
}

/// An AWB; 0 means none.
pub(crate) fn awb(part: &Value, names: &[&str]) -> Option<String> {
    word(part, names).filter(|awb| awb != "0")
}
