//! The envelopes in which the routes say no.

use serde_json::{Value, json};

use crate::calls::VendorRequest;
use crate::shipway::fields::{self, Parameters};

/// How a route says no, in given words.
pub(super) type Envelope = fn(&VendorRequest, &str) -> Value;

/// Where success is 1.
pub(super) fn zero(_: &VendorRequest, message: &str) -> Value {
    json!({ "success": 0, "error": message, "message": message })
}

/// Where success is true.
pub(super) fn not_true(_: &VendorRequest, message: &str) -> Value {
    json!({ "success": false, "message": message })
}

/// Where success is "1".
pub(super) fn zero_text(_: &VendorRequest, message: &str) -> Value {
    json!({ "success": "0", "message": message })
}

/// Where each order is answered on its own; without orders, one object.
pub(super) fn each_order(request: &VendorRequest, message: &str) -> Value {
    match fields::list(&request.body(), "order_ids") {
        Ok(orders) => orders
            .iter()
            .map(|order_id| failed_order(order_id, message))
            .collect(),
        Err(_) => json!({ "error": true, "success": false, "message": message }),
    }
}

/// One order's part of such an answer.
pub(super) fn failed_order(order_id: &str, message: &str) -> Value {
    json!({ "order_id": order_id, "error": true, "success": false, "message": message })
}

/// All the AWBs that were to be cancelled are not.
pub(super) fn no_cancellation(request: &VendorRequest, message: &str) -> Value {
    let awbs = fields::list(&request.body(), "awb_number").unwrap_or_default();
    json!({
        "error": true,
        "success": false,
        "message": message,
        "invalid_tracking_numbers": "",
        "shipment_success_tracking_numbers": "",
        "shipment_failed_tracking_numbers": awbs.join(","),
    })
}

pub(super) fn no_manifest(request: &VendorRequest, message: &str) -> Value {
    let orders = fields::list(&request.body(), "order_ids").unwrap_or_default();
    json!({ "order ids": orders, "error": true, "success": false, "message": message })
}

/// Where each AWB is answered on its own; without AWBs, one object.
pub(super) fn each_awb(request: &VendorRequest, message: &str) -> Value {
    let parameters = Parameters::of(request.uri());
    match parameters.get("awb_numbers") {
        Some(awbs) => awbs
            .split(',')
            .map(|awb| json!({ "awb": awb, "error": message }))
            .collect(),
        None => zero(request, message),
    }
}
