//! Makes a backend or a function fail, to try what an operator sees then.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

/// How many of the next calls to a backend are throttled, or of the next invocations crash. Clones are the same number.
#[derive(Debug, Clone, Default)]
pub(crate) struct Faults(Arc<AtomicU32>);

impl Faults {
    /// Lets so many of the next calls fail; replaces an earlier number.
    pub(crate) fn set(&self, calls: u32) {
        self.0.store(calls, Ordering::Relaxed);
    }

    /// Whether this call fails.
    pub(crate) fn take(&self) -> bool {
        let one_less = |left: u32| left.checked_sub(1);
        let taken = (self.0).fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less);
        taken.is_ok()
    }
}

/// The answer of DynamoDB, SQS and KMS to a throttled call.
pub(crate) fn throttled() -> Response {
    let body = json!({
        "__type": "com.amazon.coral.service#ThrottlingException",
        "message": "throttled, as the stack's control address was asked to",
    });
    let content_type = [("content-type", "application/x-amz-json-1.0")];
    (StatusCode::BAD_REQUEST, content_type, body.to_string()).into_response()
}
