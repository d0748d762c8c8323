//! The answer of a call.

use axum::response::{IntoResponse, Json, Response};
use http::StatusCode;
use serde_json::Value;

use crate::shiprocket::refusal::Refusal;

pub(super) enum Answer {
    /// 200, for success or failure.
    Body(Value),
    /// 204 without a body.
    Nothing,
    Refused(Refusal),
}

impl From<Result<Value, Refusal>> for Answer {
    fn from(result: Result<Value, Refusal>) -> Self {
        result.map_or_else(Self::Refused, Self::Body)
    }
}

impl From<Result<(), Refusal>> for Answer {
    fn from(result: Result<(), Refusal>) -> Self {
        result.map_or_else(Self::Refused, |()| Self::Nothing)
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        match self {
            Self::Body(body) => Json(body).into_response(),
            Self::Nothing => StatusCode::NO_CONTENT.into_response(),
            Self::Refused(refusal) => refusal.into_response(),
        }
    }
}
