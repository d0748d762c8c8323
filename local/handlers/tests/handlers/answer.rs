//! Reads a handler's answer.

use lambda_http::{Body, Response};
use serde_json::Value;

/// The body as it is sent.
pub(crate) fn text(answer: &Response<Body>) -> &str {
    std::str::from_utf8(answer.body().as_ref()).unwrap()
}

/// The body, read as JSON.
pub(crate) fn json(answer: &Response<Body>) -> Value {
    serde_json::from_str(text(answer)).unwrap()
}
