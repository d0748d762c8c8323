//! What Shipway says no to: by HTTP 200 and a flag that is not a success, in the envelope of the route.

use axum::response::{IntoResponse, Json, Response};
use http::StatusCode;
use serde_json::json;

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

/// Credentials that are missing or wrong: the one no that is also told by the HTTP status.
pub(super) fn unauthorized() -> Response {
    let message = "The e-mail or the licence key is wrong";
    let answer = json!({ "success": 0, "error": message, "message": message });
    (StatusCode::UNAUTHORIZED, Json(answer)).into_response()
}
