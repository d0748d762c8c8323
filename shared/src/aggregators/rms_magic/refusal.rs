//! Refusals of a RMS Magic aggregator. They are not documented, so every 4xx is a refusal, whatever its body is.

use serde_json::Value;

use crate::outbound::client::Reply;
use crate::partners::failure::{PartnerFailure, Refusal};

/// The maximum length of a message that is passed on.
const LONGEST_MESSAGE: usize = 500;

/// Accepts a 2xx response and turns a 4xx response into a refusal.
pub(super) fn check(reply: &Reply) -> Result<(), PartnerFailure> {
    if (200..300).contains(&reply.status) {
        return Ok(());
    }
    let body: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    let code = word(&body, &["code", "errorCode"]).unwrap_or_else(|| reply.status.to_string());
    let message = word(&body, &["message", "error", "detail", "errorMessage"]);
    Err(PartnerFailure::Refused(Refusal {
        code: Some(code),
        message,
    }))
}

fn word(body: &Value, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| match body.get(name)? {
        Value::String(text) => Some(text.chars().take(LONGEST_MESSAGE).collect()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    })
}
