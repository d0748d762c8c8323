//! The items of a return request. No line is dropped: missing or invalid values of a line are unknown.

use rust_decimal::prelude::ToPrimitive as _;
use serde_json::Value;

use crate::aggregators::clickpost::wire::answer::word;
use crate::contract::event_details::{said, whole};
use crate::domain::notification::NotifiedItem;

/// The items of `item_info`: a list of lines, an object with one line per key, or a single line.
pub(super) fn goods(item_info: &Value) -> Vec<NotifiedItem> {
    match item_info {
        Value::Array(lines) => lines.iter().map(line).collect(),
        Value::Object(lines) if lines.values().all(Value::is_object) => {
            lines.values().map(line).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
            said(item_info)
                .map(|_| line(item_info))
                .into_iter()
                .collect()
        }
    }
}

fn line(line: &Value) -> NotifiedItem {
    NotifiedItem {
        item_id: None,
        sku: line.get("sku").and_then(word).map(Into::into),
        quantity: line.get("quantity").and_then(pieces),
    }
}

fn pieces(quantity: &Value) -> Option<u32> {
    whole(quantity)?.to_u32()
}
