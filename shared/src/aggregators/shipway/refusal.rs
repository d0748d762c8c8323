//! Refusals of Shipway: a flag and a message, without codes.

use serde_json::Value;

use crate::aggregators::shipway::wire::written;
use crate::outbound::client::Reply;
use crate::partners::failure::{PartnerFailure, Refusal};

/// What `error` has if it is just a flag. Other words may be a message, even "no".
const FLAGS: [&str; 9] = [
    "1", "true", "success", "0", "false", "error", "fail", "failed", "failure",
];
/// The maximum length of a message that is passed on.
const LONGEST_MESSAGE: usize = 500;
/// The parts of a response that may contain the reason, the most specific first.
const PARTS: [&str; 3] = ["awb_response", "create_return_response", "order_response"];

/// The refusal with its message; its code is the HTTP status, unless that is a success.
pub(super) fn refusal(status: u16, body: &Value) -> Refusal {
    let of_part = PARTS.iter().find_map(|part| words(body.get(part)?));
    Refusal {
        code: (!(200..300).contains(&status)).then(|| status.to_string()),
        message: of_part.or_else(|| words(body)),
    }
}

/// Accepts the response of a reading call, unless it is a 4xx.
pub(super) fn check_status(reply: &Reply) -> Result<(), PartnerFailure> {
    if (200..300).contains(&reply.status) {
        return Ok(());
    }
    let body: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    Err(PartnerFailure::Refused(refusal(reply.status, &body)))
}

/// The error message in a part of a response.
pub(super) fn words(part: &Value) -> Option<String> {
    let said = match part {
        Value::String(_) => written(part),
        Value::Object(fields) => ["error", "errors", "message"]
            .iter()
            .find_map(|name| sentence(fields.get(*name)?)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => None,
    };
    said.map(|text| text.chars().take(LONGEST_MESSAGE).collect())
}

/// A string, or a list of strings joined; `error` may be just a flag, which is not a message.
fn sentence(value: &Value) -> Option<String> {
    if let Value::Array(texts) = value {
        let texts: Vec<String> = texts.iter().filter_map(written).collect();
        return (!texts.is_empty()).then(|| texts.join("; "));
    }
    let is_flag = |text: &String| FLAGS.iter().any(|flag| text.eq_ignore_ascii_case(flag));
    written(value).filter(|text| !is_flag(text))
}
