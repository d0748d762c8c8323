//! `GET tracking`: the status of shipments, each AWB answered separately.

use serde_json::{Value, json};

use crate::calls::VendorRequest;
use crate::shipway::Shipway;
use crate::shipway::answer::with;
use crate::shipway::book::Shipment;
use crate::shipway::fields::Parameters;
use crate::shipway::indian_time;
use crate::shipway::refusal::Refusal;
use crate::shipway::warehouses;
use crate::ways::Direction;

const MOST_AWBS: usize = 100;

pub(super) fn track(shipway: &Shipway, request: &VendorRequest) -> Result<Value, Refusal> {
    let parameters = Parameters::of(request.uri());
    let awbs: Vec<&str> = parameters.required("awb_numbers")?.split(',').collect();
    if awbs.len() > MOST_AWBS {
        let wrong = format!("awb_numbers must be at most {MOST_AWBS}");
        return Err(Refusal::InvalidRequest(vec![wrong]));
    }
    let with_history = parameters.get("tracking_history") == Some("1");
    let book = shipway.book();
    Ok(awbs
        .into_iter()
        .map(|awb| match book.shipment(awb) {
            Some(shipment) => tracked(shipway, shipment, with_history),
            None => json!({ "awb": awb, "error": "No shipment found for this AWB" }),
        })
        .collect())
}

fn tracked(shipway: &Shipway, shipment: &Shipment, with_history: bool) -> Value {
    let details = json!({
        "shipment_status": shipment.status().code,
        "shipment_details": [parcel(shipment)],
        "track_url": shipway.tracking_url(&shipment.awb),
    });
    let history = with_history.then(|| ("tracking_history", history(shipment)));
    json!({ "awb": shipment.awb, "tracking_details": with(details, history) })
}

fn parcel(shipment: &Shipment) -> Value {
    let request = &shipment.request;
    let (origin, destination) = ends(shipment);
    let delivered = shipment
        .scans
        .iter()
        .find(|scan| matches!(scan.status.code, "DEL" | "RDEL"));
    let consignee = consignee(shipment);
    json!({
        "courier_id": shipment.carrier.id(),
        "courier_name": shipment.carrier.name,
        "order_id": request.order_id,
        "pickup_date": shipment.picked_up_at().map(indian_time::of),
        "delivered_date": delivered.map(|scan| indian_time::of(&scan.time)),
        "weight": request.text("order_weight"),
        "packages": 1,
        "current_status": shipment.status().description,
        "delivered_to": delivered.map(|_| consignee.clone()),
        "destination": destination,
        "consignee_name": consignee,
        "origin": origin,
    })
}

fn history(shipment: &Shipment) -> Value {
    let (origin, _) = ends(shipment);
    shipment
        .scans
        .iter()
        .map(|scan| {
            json!({
                "status": scan.status.code,
                "location": origin,
                "timestamp": indian_time::of(&scan.time),
                "remarks": scan.status.description,
            })
        })
        .collect()
}

/// The cities where a shipment starts and ends.
pub(super) fn ends(shipment: &Shipment) -> (String, String) {
    let warehouse = warehouses::city(&shipment.warehouse_id).to_owned();
    let buyer = shipment.request.text("shipping_city");
    match shipment.direction() {
        Direction::Forward => (warehouse, buyer),
        Direction::Return => (buyer, warehouse),
    }
}

fn consignee(shipment: &Shipment) -> String {
    let first = shipment.request.text("shipping_firstname");
    let last = shipment.request.text("shipping_lastname");
    format!("{first} {last}").trim().to_owned()
}
