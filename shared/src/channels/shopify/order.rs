//! The body of a webhook: an order. Every field except its id may be absent, because filters can thin bodies, and a value of an
//! unexpected type counts as absent: an event must not be lost because of it.

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::channels::shopify::account::{HOLD_TAG, REPLACEMENT_TAG};
use crate::contract::fields::{Unreadable, Violation};
use crate::domain::account::ChannelAccount;
use crate::domain::channel_order::{OrderSnapshot, SnapshotLine};
use crate::domain::text::ChannelOrderId;
use crate::partners::json;

/// Parses an order.
pub(super) fn read(account: &ChannelAccount, body: &[u8]) -> Result<OrderSnapshot, Unreadable> {
    let Some(Value::Object(order)) = json::object(body) else {
        return Err(Unreadable::NotJson("the body is no JSON object".to_owned()));
    };
    let tags = order.get("tags").and_then(tags);
    let has = |name: &str| Some(has_tag(tags.as_deref()?, account.setting(name)));
    Ok(OrderSnapshot {
        id: id(&order)?,
        code: order.get("name").and_then(code),
        is_replacement: has(REPLACEMENT_TAG),
        is_on_hold: has(HOLD_TAG),
        is_cancelled: order.get("cancelled_at").map(|time| !time.is_null()),
        lines: order.get("line_items").and_then(lines),
        updated_at: order.get("updated_at").and_then(time),
        tags,
    })
}

fn id(order: &Map<String, Value>) -> Result<ChannelOrderId, Unreadable> {
    let id = order.get("id").and_then(exact_id);
    let id = id.ok_or_else(|| wrong("/id", "is missing or no whole number"))?;
    id.parse()
        .map_err(|error| wrong("/id", &format!("{error}")))
}

fn wrong(pointer: &str, detail: &str) -> Unreadable {
    Unreadable::Invalid(vec![Violation {
        pointer: pointer.to_owned(),
        detail: detail.to_owned(),
    }])
}

/// An id: a whole number of up to 64 bits, whose digits are kept, or a text.
fn exact_id(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) => number.as_u64().map(|id| id.to_string()),
        Value::String(text) => text_of(text),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The order's name without the `#` that shops put before it.
fn code(value: &Value) -> Option<String> {
    let name = value.as_str()?.trim();
    text_of(name.strip_prefix('#').unwrap_or(name))
}

fn text_of(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn time(value: &Value) -> Option<Timestamp> {
    value.as_str()?.parse().ok()
}

/// Tags are one text, separated by commas; newer versions of the API have a list.
fn tags(value: &Value) -> Option<Vec<String>> {
    let given: Vec<&str> = match value {
        Value::String(text) => text.split(',').collect(),
        Value::Array(list) => list.iter().map(Value::as_str).collect::<Option<_>>()?,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => return None,
    };
    let mut tags: Vec<String> = Vec::new();
    for tag in given.into_iter().filter_map(text_of) {
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    Some(tags)
}

/// Tags of a shop differ in more than their case.
fn has_tag(tags: &[String], wanted: Option<&str>) -> bool {
    let wanted = wanted.map(|tag| tag.trim().to_lowercase());
    wanted.is_some_and(|wanted| tags.iter().any(|tag| tag.to_lowercase() == wanted))
}

/// All lines; `None` if one cannot be identified, because then it is unknown which of them are left.
fn lines(value: &Value) -> Option<Vec<SnapshotLine>> {
    value.as_array()?.iter().map(line).collect()
}

fn line(value: &Value) -> Option<SnapshotLine> {
    let quantity = |name: &str| value.get(name)?.as_u64();
    Some(SnapshotLine {
        id: value.get("id").and_then(exact_id)?,
        sku: value.get("sku").and_then(Value::as_str).and_then(text_of),
        ordered: quantity("quantity"),
        current: quantity("current_quantity"),
    })
}
