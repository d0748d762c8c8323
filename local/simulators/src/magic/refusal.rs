//! The aggregator's refusals. The standard documents no errors, so the shape `{code, message}` is this aggregator's own;
//! only the answer to an unknown order number is part of RMS's extension.

use axum::response::{IntoResponse, Json, Response};
use http::StatusCode;
use serde_json::json;

/// A refusal.
#[derive(Debug)]
pub(super) enum Refusal {
    /// The credentials are missing or wrong.
    Unauthorized,
    /// All errors of the request.
    InvalidRequest(Vec<String>),
    /// The request is valid, but no courier accepts it.
    NotServiceable(String),
    /// No order has this id.
    UnknownOrderId(String),
    /// No order has this number: a label for it can be bought safely.
    UnknownOrderNumber(String),
}

impl Refusal {
    pub(super) fn not_serviceable(message: Option<String>) -> Self {
        let usual = || "no courier serves this pincode".to_owned();
        Self::NotServiceable(message.unwrap_or_else(usual))
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, code, message) = match self {
            Self::Unauthorized => (
                StatusCode::UNAUTHORIZED,
                "UNAUTHORIZED",
                "the credentials are missing or wrong".to_owned(),
            ),
            Self::InvalidRequest(wrong) => {
                (StatusCode::BAD_REQUEST, "INVALID_REQUEST", wrong.join("; "))
            }
            Self::NotServiceable(message) => {
                (StatusCode::UNPROCESSABLE_ENTITY, "NOT_SERVICEABLE", message)
            }
            Self::UnknownOrderId(id) => (
                StatusCode::NOT_FOUND,
                "NOT_FOUND",
                format!("there is no order {id:?}"),
            ),
            Self::UnknownOrderNumber(order_number) => {
                let none = json!({ "orderNumber": order_number, "found": false });
                return (StatusCode::NOT_FOUND, Json(none)).into_response();
            }
        };
        (status, Json(json!({ "code": code, "message": message }))).into_response()
    }
}
