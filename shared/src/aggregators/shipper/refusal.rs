//! Refusals of Shipper: errors in the envelope's `metadata`.

use serde_json::Value;

use crate::aggregators::shipper::wire::written;
use crate::outbound::client::Reply;
use crate::partners::failure::{PartnerFailure, Refusal};
use crate::partners::json;
use crate::partners::transport::Operation;

/// The maximum length of a message that is passed on.
const LONGEST_MESSAGE: usize = 500;
const NOT_FOUND: u16 = 404;

/// A successful answer.
pub(super) fn accepted(reply: &Reply) -> Result<Value, PartnerFailure> {
    let body = json::object(&reply.body).unwrap_or_default();
    let has_errors = !errors(&body).is_empty();
    if (200..300).contains(&reply.status) && !has_errors {
        Ok(body)
    } else {
        Err(PartnerFailure::Refused(refusal(reply.status, &body)))
    }
}

/// The `data` of a successful answer.
pub(super) fn accept(reply: &Reply, operation: Operation) -> Result<Value, PartnerFailure> {
    let mut body = accepted(reply)?;
    let data = body.get_mut("data").map(Value::take);
    data.ok_or(operation.unclear())
}

/// A successful answer, whatever its `data` is.
pub(super) fn accept_nothing(reply: &Reply, operation: Operation) -> Result<(), PartnerFailure> {
    let body = accepted(reply)?;
    let is_answer = body.get("data").is_some() || is_enveloped(&body);
    is_answer.then_some(()).ok_or(operation.unclear())
}

/// Whether Shipper itself says that it has no such order: not a proxy, and not another host.
pub(super) fn says_unknown(reply: &Reply) -> bool {
    reply.status == NOT_FOUND && json::object(&reply.body).is_some_and(|body| is_enveloped(&body))
}

fn is_enveloped(body: &Value) -> bool {
    body.get("metadata").is_some_and(Value::is_object)
}

/// The refusal: the code of the first error, and the messages of all. Without errors, the HTTP status is the code.
fn refusal(status: u16, body: &Value) -> Refusal {
    let errors = errors(body);
    let code = errors.first().and_then(|error| written(error.get("code")?));
    let messages: Vec<String> = errors
        .iter()
        .filter_map(|error| written(error.get("message")?))
        .collect();
    let message: String = messages.join("; ").chars().take(LONGEST_MESSAGE).collect();
    Refusal {
        code: code.or_else(|| Some(status.to_string())),
        message: Some(message).filter(|message| !message.is_empty()),
    }
}

fn errors(body: &Value) -> &[Value] {
    let errors = body.pointer("/metadata/errors").and_then(Value::as_array);
    errors.map_or(&[], Vec::as_slice)
}
