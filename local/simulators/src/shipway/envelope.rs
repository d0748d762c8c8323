//! The envelopes of the routes' refusals.

use serde_json::{Value, json};

use crate::calls::VendorRequest;
use crate::shipway::fields::{self, Parameters};

/// A route's refusal with a message.
pub(super) type Envelope = fn(&VendorRequest, &str) -> Value;

/// For routes where success is 1.
pub(super) fn zero(_: &VendorRequest, message: &str) -> Value {
    json!({ "success": 0, "error": message, "message": message })
}

/// For routes where success is true.
pub(super) fn not_true(_: &VendorRequest, message: &str) -> Value {
    json!({ "success": false, "message": message })
}

/// For routes where success is "1".
pub(super) fn zero_text(_: &VendorRequest, message: &str) -> Value {
    json!({ "success": "0", "message": message })
}

/// For routes that answer each order separately; without orders, one object.
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

/// None of the AWBs was cancelled.
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

/// For routes that answer each AWB separately; without AWBs, one object.
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
