//! Refusals: `{message, parameters, errors}`, whose placeholders are not filled in.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::outbound::client::Reply;
use crate::partners::failure::{PartnerFailure, Refusal};
use crate::partners::json;
use crate::partners::transport::Operation;

/// The maximum length of a message that is passed on.
const LONGEST_MESSAGE: usize = 500;

/// The body of a success.
pub(super) fn content<T: DeserializeOwned>(
    reply: &Reply,
    operation: Operation,
) -> Result<T, PartnerFailure> {
    if (200..300).contains(&reply.status) {
        serde_json::from_slice(&reply.body).map_err(|_| operation.unclear())
    } else {
        Err(refused(reply))
    }
}

/// The refusal in an answer that is no success.
pub(super) fn refused(reply: &Reply) -> PartnerFailure {
    let body = json::object(&reply.body).unwrap_or_default();
    let code = match body.get("code") {
        Some(Value::Number(code)) => Some(code.to_string()),
        Some(Value::String(code)) if !code.is_empty() => Some(code.clone()),
        Some(_) | None => None,
    };
    PartnerFailure::Refused(Refusal {
        code: code.or_else(|| Some(reply.status.to_string())),
        message: message(&body),
    })
}

/// A 401: the credentials are wrong, or they lack a right. A token that has ended is refused in the words of a missing right.
pub(super) fn unauthorised(reply: &Reply) -> PartnerFailure {
    let right = json::object(&reply.body).and_then(|body| right(&body));
    right.map_or(PartnerFailure::BadCredentials, PartnerFailure::LacksRight)
}

/// The rights that a refusal names.
pub(super) fn right(body: &Value) -> Option<String> {
    parameters(body)
        .get("resources")
        .map(|right| shortened(right))
}

/// The message, with the errors below it.
pub(super) fn message(body: &Value) -> Option<String> {
    let below = body.get("errors").and_then(Value::as_array);
    let below = below.into_iter().flatten().filter_map(one);
    let all: Vec<String> = one(body).into_iter().chain(below).collect();
    (!all.is_empty()).then(|| shortened(&all.join(" ")))
}

fn one(error: &Value) -> Option<String> {
    let text = error.get("message")?.as_str()?.trim();
    (!text.is_empty()).then(|| filled(text, &parameters(error)))
}

fn shortened(text: &str) -> String {
    text.chars().take(LONGEST_MESSAGE).collect()
}

/// The values of placeholders by name; those of a list are named by their place, from 1.
fn parameters(error: &Value) -> BTreeMap<String, String> {
    match error.get("parameters") {
        Some(Value::Object(named)) => named
            .iter()
            .map(|(name, value)| (name.clone(), shown(value)))
            .collect(),
        Some(Value::Array(listed)) => listed
            .iter()
            .enumerate()
            .map(|(index, value)| (index.saturating_add(1).to_string(), shown(value)))
            .collect(),
        Some(_) | None => BTreeMap::new(),
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(shown).collect::<Vec<_>>().join(", "),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => value.to_string(),
    }
}

/// Replaces `%name` by its value, the longest name first, so that `%10` is not taken for `%1`.
fn filled(text: &str, parameters: &BTreeMap<String, String>) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        filled.push_str(before);
        let names = parameters.iter().rev();
        let found = names
            .filter(|(name, _)| !name.is_empty() && after.starts_with(name.as_str()))
            .max_by_key(|(name, _)| name.len());
        if let Some((name, value)) = found {
            filled.push_str(value);
            rest = after.get(name.len()..).unwrap_or_default();
        } else {
            filled.push('%');
            rest = after;
        }
    }
    filled.push_str(rest);
    filled
}
