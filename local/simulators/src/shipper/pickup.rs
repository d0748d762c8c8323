//! `POST pickup/timeslot`: asks that parcels are fetched, which activates their orders.

use serde_json::{Value, json};

use crate::calls::VendorRequest;
use crate::clock;
use crate::shipper::Shipper;
use crate::shipper::envelope::Answer;
use crate::shipper::fields::Reader;
use crate::shipper::order;
use crate::shipper::refusal::Refusal;

const ZONES: [&str; 3] = ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"];
const MOST_ORDERS: usize = 30;

/// Without times, the parcels are fetched now. A repeat changes nothing.
pub(super) fn request(shipper: &Shipper, request: &VendorRequest) -> Result<Answer, Refusal> {
    let body = request.body();
    let mut reader = Reader::of(&body);
    if reader.value("data.order_activation.timezone").is_some() {
        reader.one_of("data.order_activation.timezone", &ZONES);
    }
    let start = reader.optional_text("data.order_activation.start_time");
    reader.optional_text("data.order_activation.end_time");
    let ids = order_ids(&mut reader);
    reader.finish()?;
    let time = start.unwrap_or_else(|| order::in_answer(&clock::now()));
    let mut book = shipper.book();
    let is_waiting = |id: &String| {
        let order = book.by_id(id);
        order.is_some_and(|order| order.cancelled.is_none())
    };
    if !ids.iter().all(is_waiting) {
        return Err(Refusal::UnknownOrder);
    }
    let activations: Value = ids
        .iter()
        .filter_map(|id| {
            let pickup = book.pick_up(id, &time)?;
            Some(json!({
                "order_id": id,
                "pickup_code": pickup.code,
                "is_activate": true,
                "pickup_time": pickup.time,
            }))
        })
        .collect();
    Ok(Answer::ok(json!({ "order_activations": activations })))
}

fn order_ids(reader: &mut Reader<'_>) -> Vec<String> {
    let path = "data.order_activation.order_id";
    let found = reader.value(path).and_then(Value::as_array);
    let ids: Option<Vec<String>> = found.and_then(|ids| {
        let ids = ids.iter().map(|id| id.as_str().map(str::to_owned));
        ids.collect()
    });
    let ids = ids.unwrap_or_default();
    if ids.is_empty() || ids.len() > MOST_ORDERS {
        reader.note(&format!(
            "{path} must be a list of 1 to {MOST_ORDERS} order ids"
        ));
    }
    ids
}
