//! The envelope of every answer, and the refusals.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::{Value, json};

/// The message code of a list.
pub(super) const LISTED: &str = "REQUEST_EXCHANGE_S2";

/// The message code of one request.
pub(super) const READ: &str = "REQUEST_EXCHANGE_S3";

/// A successful answer.
pub(super) fn envelope(message_code: &str, data: &Value) -> Value {
    json!({ "status": true, "messageCode": message_code, "message": "Success", "data": data })
}

/// Why a call fails.
#[derive(Debug)]
pub(super) enum Refusal {
    /// The token is missing or wrong.
    Unauthorized,
    /// The id in the path is no object id, for example a request's number.
    NotAnId,
    /// Any other failure: a 200 whose `status` is false.
    Failed(String),
}

impl Refusal {
    /// A failure in a 200.
    pub(super) fn failed(message: Option<String>) -> Self {
        Self::Failed(message.unwrap_or_else(|| "Something went wrong".to_owned()))
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, code, message) = match self {
            Self::Unauthorized => (
                StatusCode::UNAUTHORIZED,
                Value::Null,
                "Unauthorized".to_owned(),
            ),
            Self::NotAnId => (
                StatusCode::PRECONDITION_FAILED,
                json!("GLOBAL_E2"),
                "Validation failed".to_owned(),
            ),
            Self::Failed(message) => (StatusCode::OK, Value::Null, message),
        };
        let body = json!({ "status": false, "messageCode": code, "message": message, "data": {} });
        (status, Json(body)).into_response()
    }
}
