//! Shipway's refusals: HTTP 200 with a failure flag, in the envelope of the route.

use axum::response::{IntoResponse, Json, Response};
use http::StatusCode;
use serde_json::json;

/// A refusal of the whole request. Partial failures (one of several orders, an AWB) are reported inside the answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refusal {
    /// All errors of the request.
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

/// Missing or invalid credentials: the only refusal with an HTTP error status.
pub(super) fn unauthorized() -> Response {
    let message = "The e-mail or the licence key is wrong";
    let answer = json!({ "success": 0, "error": message, "message": message });
    (StatusCode::UNAUTHORIZED, Json(answer)).into_response()
}
