//! Tracking. An unknown shipment is answered with 200.

use serde_json::{Value, json};

use crate::shiprocket::book::{Book, Order, Parcel};
use crate::shiprocket::ist;
use crate::shiprocket::query::Parameters;
use crate::shiprocket::refusal::Refusal;
use crate::shiprocket::scans::{self, Scan};
use crate::shiprocket::webhook;

const NOTHING: &str =
    "There is no activities found in our DB. Please have some patience it will be updated soon.";

/// An empty result with 200.
pub(super) fn nothing(message: Option<&str>) -> Value {
    json!({ "tracking_data": { "track_status": 0, "error": message.unwrap_or(NOTHING) } })
}

/// Answers `courier/track/awb/{awb}` and `courier/track/shipment/{shipment_id}`.
pub(super) fn of(order: Option<&Order>) -> Value {
    order
        .and_then(|order| Some(tracked(order, order.parcel.as_ref()?)))
        .unwrap_or_else(|| nothing(None))
}

/// Answers `courier/track?order_id=` with a list. The id may be the merchant's or Shiprocket's: the documents do not say
/// which.
pub(super) fn by_order(book: &Book, query: &Parameters) -> Result<Value, Refusal> {
    let id = query
        .get("order_id")
        .ok_or_else(|| Refusal::field("order_id", "The order id field is required."))?;
    let found: Vec<Value> = book
        .all()
        .iter()
        .filter(|order| order.request.order_id == id || order.id.to_string() == id)
        .map(|order| of(Some(order)))
        .collect();
    Ok(Value::Array(found))
}

fn tracked(order: &Order, parcel: &Parcel) -> Value {
    let scans = scans::of_steps(order, parcel, &parcel.happened);
    let mut data = json!({
        "track_status": u8::from(!scans.is_empty()),
        "shipment_status": order.standing.shipment.map(|status| status.id),
        "shipment_track": [summary(order, parcel, &scans)],
        "shipment_track_activities": scans.iter().rev().map(webhook::full_scan).collect::<Vec<_>>(),
        "track_url": format!("https://shiprocket.co/tracking/{}", parcel.awb),
        "qc_response": { "qc_image": "", "qc_failed_reason": "" },
    });
    if let (Value::Object(data), true) = (&mut data, scans.is_empty()) {
        data.insert("error".to_owned(), json!(NOTHING));
    }
    json!({ "tracking_data": data })
}

fn summary(order: &Order, parcel: &Parcel, scans: &[Scan]) -> Value {
    let to = order.request.destination();
    let when = |codes: &[&str]| {
        let scan = scans.iter().find(|scan| codes.contains(&scan.code));
        scan.map(|scan| ist::date_and_time(scan.at))
    };
    json!({
        "id": order.shipment_id,
        "awb_code": parcel.awb,
        "courier_company_id": parcel.courier.id,
        "shipment_id": order.shipment_id,
        "order_id": order.id,
        "pickup_date": when(&["PKD"]),
        "delivered_date": when(&["DLV"]),
        "weight": format!("{:.2}", order.request.weight),
        "packages": 1,
        "current_status": order.standing.shipment.map(|status| status.name),
        "delivered_to": to.city,
        "destination": to.city,
        "consignee_name": to.name,
        "origin": order.origin().city,
        "courier_agent_details": null,
        "courier_name": parcel.courier.name,
        "edd": null,
        "pod": "Not Available",
        "pod_status": "",
    })
}
