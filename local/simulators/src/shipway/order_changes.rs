//! Changes to pushed orders and shipments: hold, manifest, cancel.

use serde_json::{Value, json};

use crate::calls::VendorRequest;
use crate::shipway::Shipway;
use crate::shipway::book::{Book, Order, Stage};
use crate::shipway::envelope::failed_order;
use crate::shipway::fields;
use crate::shipway::refusal::Refusal;

/// `POST Cancelorders`: only new orders and orders on hold.
pub(super) fn cancel_orders(shipway: &Shipway, request: &VendorRequest) -> Result<Value, Refusal> {
    each(shipway, request, |order| match order.stage {
        Stage::New | Stage::OnHold => {
            order.stage = Stage::Cancelled;
            Ok("Order cancelled")
        }
        Stage::Cancelled | Stage::Processing | Stage::Manifested => {
            Err("Only New and On hold orders can be cancelled")
        }
    })
}

/// `POST Onholdorders`.
pub(super) fn hold_orders(shipway: &Shipway, request: &VendorRequest) -> Result<Value, Refusal> {
    each(shipway, request, |order| match order.stage {
        Stage::New => {
            order.stage = Stage::OnHold;
            Ok("Order is on hold")
        }
        Stage::OnHold | Stage::Cancelled | Stage::Processing | Stage::Manifested => {
            Err("Only New orders can be put on hold")
        }
    })
}

type Change = fn(&mut Order) -> Result<&'static str, &'static str>;

fn each(shipway: &Shipway, request: &VendorRequest, change: Change) -> Result<Value, Refusal> {
    let order_ids = fields::list(&request.body(), "order_ids")?;
    let mut book = shipway.book();
    let answers = order_ids.iter().map(|order_id| {
        let changed = match book.order_mut(order_id) {
            Some(order) => change(order),
            None => Err("Order not found"),
        };
        match changed {
            Ok(message) => json!({
                "order_id": order_id,
                "error": false,
                "success": true,
                "message": message,
            }),
            Err(message) => failed_order(order_id, message),
        }
    });
    Ok(answers.collect())
}

/// `POST Createmanifest`: those of the booked orders that can be manifested.
pub(super) fn manifest(shipway: &Shipway, request: &VendorRequest) -> Result<Value, Refusal> {
    let order_ids = fields::list(&request.body(), "order_ids")?;
    let mut book = shipway.book();
    let (manifested, failed): (Vec<String>, Vec<String>) = order_ids
        .into_iter()
        .partition(|order_id| manifest_one(&mut book, order_id));
    if manifested.is_empty() {
        return Err(Refusal::NoSuchOrders);
    }
    Ok(json!({
        "status": true,
        "message": "Manifest created",
        "manifest ids": book.new_manifest().to_string(),
        "order ids": manifested,
        "error_response": failed,
    }))
}

fn manifest_one(book: &mut Book, order_id: &str) -> bool {
    let order = book.order_mut(order_id);
    let Some(order) = order.filter(|order| order.stage == Stage::Processing) else {
        return false;
    };
    order.stage = Stage::Manifested;
    true
}

/// `POST Cancel`: shipments by AWB, if the carrier does not have them yet.
pub(super) fn cancel_shipments(
    shipway: &Shipway,
    request: &VendorRequest,
) -> Result<Value, Refusal> {
    let awbs = fields::list(&request.body(), "awb_number")?;
    let mut book = shipway.book();
    let (known, unknown): (Vec<String>, Vec<String>) = awbs
        .into_iter()
        .partition(|awb| book.shipment(awb).is_some());
    let asked = known.len() + unknown.len();
    let (cancelled, failed): (Vec<String>, Vec<String>) =
        known.into_iter().partition(|awb| book.cancel(awb));
    Ok(json!({
        "error": cancelled.is_empty(),
        "success": !cancelled.is_empty(),
        "message": format!("{} of {asked} shipments cancelled", cancelled.len()),
        "invalid_tracking_numbers": unknown.join(","),
        "shipment_success_tracking_numbers": cancelled.join(","),
        "shipment_failed_tracking_numbers": failed.join(","),
    }))
}
