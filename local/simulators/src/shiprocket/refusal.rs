//! Shiprocket's refusals with an error status. Failures answered with 200 are in the modules of their calls.

use std::collections::BTreeMap;

use axum::response::{IntoResponse, Json, Response};
use http::StatusCode;
use serde_json::{Value, json};

/// The errors by field.
pub(super) type FieldErrors = BTreeMap<String, Vec<String>>;

/// A refusal.
#[derive(Debug)]
pub(super) enum Refusal {
    /// 400: it cannot be done.
    Invalid(String),
    /// 401: the credentials or the token are missing or invalid.
    Unauthenticated(&'static str),
    /// 404: there is no such path.
    UnknownPath,
    /// 422: some fields are invalid.
    Fields(FieldErrors),
    /// 500: Shiprocket fails on an argument of an unexpected type or on a wrong id.
    Stumbled(&'static str),
}

impl Refusal {
    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::Invalid(message.into())
    }

    /// 422 for one field.
    pub(super) fn field(name: &str, message: impl Into<String>) -> Self {
        Self::Fields([(name.to_owned(), vec![message.into()])].into())
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::Invalid(_) => StatusCode::BAD_REQUEST,
            Self::Unauthenticated(_) => StatusCode::UNAUTHORIZED,
            Self::UnknownPath => StatusCode::NOT_FOUND,
            Self::Fields(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Stumbled(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn message(&self) -> &str {
        match self {
            Self::Invalid(message) => message,
            Self::Unauthenticated(message) | Self::Stumbled(message) => message,
            Self::UnknownPath => "404 Not Found",
            Self::Fields(_) => "The given data was invalid.",
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = self.status();
        let mut body = json!({ "message": self.message(), "status_code": status.as_u16() });
        if let (Value::Object(body), Self::Fields(errors)) = (&mut body, &self) {
            body.insert("errors".to_owned(), json!(errors));
        }
        (status, Json(body)).into_response()
    }
}
