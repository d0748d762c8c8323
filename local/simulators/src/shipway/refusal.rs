//! How Shipway says no: HTTP 200 and a flag that is not a success, in the envelope of the route.

use axum::response::{IntoResponse, Json, Response};
use http::StatusCode;
use serde_json::{Value, json};

use super::fields::{self, Parameters};
use crate::calls::VendorRequest;

/// A no to the whole request; what fails within an answer (an order of several, an AWB) is said there.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refusal {
    /// What is wrong with the request, all of it.
    #[error("{}", .0.join("; "))]
    InvalidRequest(Vec<String>),
    /// The order was booked before.
    #[error("Order {order_id} is already assigned the AWB {awb}")]
    AlreadyBooked { order_id: String, awb: String },
    #[error("No carrier found for the pincode {0}")]
    NoCarrier(String),
    #[error("Order ids not found")]
    NoSuchOrders,
}

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

/// Credentials that are missing or wrong: the one no that is also told by the HTTP status.
pub(super) fn unauthorized() -> Response {
    let message = "The e-mail or the licence key is wrong";
    let answer = json!({ "success": 0, "error": message, "message": message });
    (StatusCode::UNAUTHORIZED, Json(answer)).into_response()
}
