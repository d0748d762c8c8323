//! What Shipway says to a cancellation: of one AWB, or of one order that has none.

use serde_json::Value;

use crate::aggregators::shipway::answers::object;
use crate::aggregators::shipway::refusal::refusal;
use crate::aggregators::shipway::wire::{flag, word, written};
use crate::domain::text::Awb;
use crate::outbound::client::Reply;
use crate::partners::failure::Refusal;

/// How a cancellation was answered.
#[derive(Debug)]
pub(super) enum Cancelled {
    /// It is cancelled.
    Done,
    /// It is not.
    Refused(Refusal),
    /// It decides nothing.
    Unclear,
}

/// Reads the answer of `Cancel` about one AWB.
pub(super) fn shipment(reply: &Reply, awb: &Awb) -> Cancelled {
    let Some(body) = object(reply) else {
        return without_body(reply);
    };
    if is_listed(&body, "shipment_success_tracking_numbers", awb) {
        return Cancelled::Done;
    }
    let is_named = is_listed(&body, "shipment_failed_tracking_numbers", awb)
        || is_listed(&body, "invalid_tracking_numbers", awb);
    judged(reply.status, &body, is_named)
}

/// Reads the answer of `Cancelorders` about one order.
pub(super) fn order(reply: &Reply, order_id: &str) -> Cancelled {
    let Ok(body) = serde_json::from_slice::<Value>(&reply.body) else {
        return without_body(reply);
    };
    match &body {
        Value::Array(results) => {
            let is_ours =
                |result: &&Value| word(result, &["order_id"]).as_deref() == Some(order_id);
            let ours = results.iter().find(is_ours);
            ours.map_or(Cancelled::Unclear, |result| {
                judged(reply.status, result, false)
            })
        }
        Value::Object(_) => judged(reply.status, &body, false),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => without_body(reply),
    }
}

fn without_body(reply: &Reply) -> Cancelled {
    if (200..300).contains(&reply.status) {
        Cancelled::Unclear
    } else {
        Cancelled::Refused(refusal(reply.status, &Value::Null))
    }
}

fn judged(http_status: u16, result: &Value, is_named: bool) -> Cancelled {
    let success = flag(result.get("success"));
    let error = flag(result.get("error"));
    let is_refused = !(200..300).contains(&http_status);
    if is_refused || is_named || success == Some(false) || error == Some(true) {
        let refusal = refusal(http_status, result);
        return if says_cancelled_before(&refusal) {
            Cancelled::Done
        } else {
            Cancelled::Refused(refusal)
        };
    }
    match success {
        Some(true) => Cancelled::Done,
        Some(false) | None => Cancelled::Unclear,
    }
}

fn says_cancelled_before(refusal: &Refusal) -> bool {
    let message = refusal
        .message
        .as_deref()
        .unwrap_or_default()
        .to_lowercase();
    ["already cancel", "already been cancel"]
        .iter()
        .any(|words| message.contains(words))
}

/// Whether a list of AWBs, which Shipway writes as one text with commas, has this one.
fn is_listed(body: &Value, name: &str, awb: &Awb) -> bool {
    let has = |list: &str| list.split(',').any(|listed| listed.trim() == awb.as_str());
    match body.get(name) {
        Some(Value::Array(list)) => list
            .iter()
            .filter_map(written)
            .any(|listed| listed == awb.as_str()),
        Some(value) => written(value).is_some_and(|list| has(&list)),
        None => false,
    }
}
