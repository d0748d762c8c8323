//! Errors in Magento's form. Placeholders in the message are not filled in: the caller does that from `parameters`.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::{Value, json};

/// Why a call fails.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    message: String,
    parameters: Value,
}

impl Refusal {
    /// A 400 without parameters.
    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message, Value::Null)
    }

    /// A 400 with parameters, named or in a list.
    pub(super) fn invalid_with(message: &str, parameters: Value) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message, parameters)
    }

    /// A missing field of the request.
    pub(super) fn required(field: &str) -> Self {
        let message = "\"%fieldName\" is required. Enter and try again.";
        Self::invalid_with(message, json!({ "fieldName": field }))
    }

    /// Wrong credentials.
    pub(super) fn unauthorized(message: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, message, Value::Null)
    }

    /// The credentials lack a right.
    pub(super) fn forbidden(resource: &str) -> Self {
        let message = "The consumer isn't authorized to access %resources.";
        let parameters = json!({ "resources": resource });
        Self::new(StatusCode::UNAUTHORIZED, message, parameters)
    }

    /// An entity that does not exist.
    pub(super) fn unknown() -> Self {
        let message =
            "The entity that was requested doesn't exist. Verify the entity and try again.";
        Self::new(StatusCode::NOT_FOUND, message, Value::Null)
    }

    /// A path that is no route.
    pub(super) fn no_route() -> Self {
        let message = "Request does not match any route.";
        Self::new(StatusCode::NOT_FOUND, message, Value::Null)
    }

    /// A failure inside the shop.
    pub(super) fn internal() -> Self {
        let message = "Internal Error. Details are available in Magento log file. Report ID: \
                       webapi-5f0c0ffee0001";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, message, Value::Null)
    }

    fn new(status: StatusCode, message: impl Into<String>, parameters: Value) -> Self {
        Self {
            status,
            message: message.into(),
            parameters,
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut body = json!({ "message": self.message });
        if let (Some(fields), false) = (body.as_object_mut(), self.parameters.is_null()) {
            fields.insert("parameters".to_owned(), self.parameters);
        }
        (self.status, Json(body)).into_response()
    }
}
