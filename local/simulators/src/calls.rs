//! The log of vendor calls to a simulator.

use std::sync::{Mutex, PoisonError};

use axum::body::{Bytes, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{Method, StatusCode, Uri};
use serde::Serialize;
use serde_json::Value;

use crate::clock;

/// Far more than any vendor accepts.
pub(super) const BODY_LIMIT: usize = 8 * 1024 * 1024;

/// One vendor call in the log.
#[derive(Clone, Debug, Serialize)]
pub struct Call {
    /// When it arrived: RFC 3339, UTC, milliseconds.
    pub at: String,
    /// The method, upper case.
    pub method: String,
    /// The path, including alias and query.
    pub path: String,
    /// The JSON value; a string if the body is not JSON; null if there was no body.
    pub body: Value,
}

/// A call as passed to a simulator's operation.
pub(super) struct VendorRequest {
    parts: Parts,
    body: Bytes,
}

impl VendorRequest {
    /// The header's value, if it is present and text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.parts.headers.get(name)?.to_str().ok()
    }

    pub(super) fn method(&self) -> &Method {
        &self.parts.method
    }

    pub(super) fn uri(&self) -> &Uri {
        &self.parts.uri
    }

    /// The body, read as for the call log.
    pub(super) fn body(&self) -> Value {
        readable(&self.body)
    }
}

impl<S: Send + Sync> FromRequest<S> for VendorRequest {
    type Rejection = Response;

    async fn from_request(request: Request, _: &S) -> Result<Self, Response> {
        let (parts, body) = request.into_parts();
        match to_bytes(body, BODY_LIMIT).await {
            Ok(body) => Ok(Self { parts, body }),
            Err(_) => Err(StatusCode::PAYLOAD_TOO_LARGE.into_response()),
        }
    }
}

/// JSON as a value, any other body as text, an empty body as null.
pub(super) fn readable(body: &[u8]) -> Value {
    if body.is_empty() {
        return Value::Null;
    }
    serde_json::from_slice(body)
        .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(body).into_owned()))
}

/// All calls since the start, in order.
#[derive(Default)]
pub(super) struct CallLog {
    calls: Mutex<Vec<Call>>,
}

impl CallLog {
    pub(super) fn record(&self, request: &VendorRequest) {
        let uri = &request.parts.uri;
        let call = Call {
            at: clock::now(),
            method: request.parts.method.to_string(),
            path: uri
                .path_and_query()
                .map_or_else(|| uri.path().to_owned(), ToString::to_string),
            body: request.body(),
        };
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        calls.push(call);
    }

    pub(super) fn all(&self) -> Vec<Call> {
        let calls = self.calls.lock();
        calls.unwrap_or_else(PoisonError::into_inner).clone()
    }
}
