//! Refusals of Return Prime: a flag in an answer with status 200, or a 4xx such as 412 for what is no object id.

use serde_json::Value;

use crate::outbound::client::Reply;
use crate::partners::failure::{PartnerFailure, Refusal};
use crate::partners::json;

/// The maximum length of a message that is passed on.
const LONGEST_MESSAGE: usize = 500;

/// The `data` of a successful answer.
pub(super) fn data(reply: &Reply) -> Result<Value, PartnerFailure> {
    let body = json::object(&reply.body);
    let is_success = (200..300).contains(&reply.status);
    let Some(mut body) = body else {
        return Err(if is_success {
            PartnerFailure::Unreadable
        } else {
            PartnerFailure::Refused(refusal(reply.status, &Value::Null))
        });
    };
    if !is_success || body.get("status") == Some(&Value::Bool(false)) {
        return Err(PartnerFailure::Refused(refusal(reply.status, &body)));
    }
    body.get_mut("data")
        .map(Value::take)
        .filter(Value::is_object)
        .ok_or(PartnerFailure::Unreadable)
}

/// The refusal with its code and its message; without a code, that is the HTTP status unless it is a success.
fn refusal(status: u16, body: &Value) -> Refusal {
    let code = body.get("messageCode").and_then(words);
    let of_status = || (!(200..300).contains(&status)).then(|| status.to_string());
    Refusal {
        code: code.or_else(of_status),
        message: body.get("message").and_then(words),
    }
}

fn words(value: &Value) -> Option<String> {
    let text = value.as_str()?.trim();
    (!text.is_empty()).then(|| text.chars().take(LONGEST_MESSAGE).collect())
}
