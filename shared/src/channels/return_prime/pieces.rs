//! The line items of a request → pieces: one item of a return order is one piece.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::channels::return_prime::request::{required, unusable};
use crate::contract::values::{measured, quantity};
use crate::domain::channel_return::UnusableReturn;
use crate::domain::money::Amount;
use crate::domain::returning::code::ReturnItemCode;
use crate::domain::returning::return_order::{MOST_RETURN_ITEMS, ReturnItem};
use crate::domain::text::NotAllowed;

/// The reason of a line without one.
const NO_REASON: &str = "not given";

/// The line items.
pub(super) fn lines(request: &Value) -> impl Iterator<Item = &Value> {
    let lines = request.get("line_items").and_then(Value::as_array);
    lines.into_iter().flatten()
}

/// The pieces of all lines. The first piece of a line has the line's id as its code, the others have `-2`, `-3` … after it.
pub(super) fn read(request: &Value) -> Result<Vec<ReturnItem>, UnusableReturn> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut pieces: Vec<ReturnItem> = Vec::new();
    for line in lines(request) {
        let id: ReturnItemCode = required("line_items.id", line.get("id"))?;
        let count = counts.entry(id.as_str().to_owned()).or_default();
        for _ in 0..pieces_of(line)? {
            if pieces.len() == MOST_RETURN_ITEMS {
                return Err(unusable("line_items", "are more than 500 pieces"));
            }
            *count += 1;
            pieces.push(piece(line, code(&id, *count)?));
        }
    }
    if pieces.is_empty() {
        return Err(unusable("line_items", "are missing"));
    }
    Ok(pieces)
}

fn code(id: &ReturnItemCode, count: usize) -> Result<ReturnItemCode, UnusableReturn> {
    if count == 1 {
        return Ok(id.clone());
    }
    let code = format!("{id}-{count}").parse();
    code.map_err(|error: NotAllowed| unusable("line_items.id", error.to_string()))
}

fn pieces_of(line: &Value) -> Result<u32, UnusableReturn> {
    match line.get("quantity") {
        None | Some(Value::Null) => Ok(1),
        Some(value) => quantity(value).map_err(|detail| unusable("line_items.quantity", detail)),
    }
}

fn piece(line: &Value, item_code: ReturnItemCode) -> ReturnItem {
    let product = line.get("original_product").unwrap_or(&Value::Null);
    let of_product = |name: &str| product.get(name).and_then(text);
    let reason = ["reason", "reason_detail"];
    let reason = reason.iter().find_map(|name| text(line.get(*name)?));
    let sku = of_product("sku").or_else(|| of_product("variant_id"));
    ReturnItem {
        reason: reason.unwrap_or_else(|| NO_REASON.to_owned()),
        enable_door_step_qc: false,
        channel_sku_code: sku.unwrap_or_else(|| item_code.to_string()),
        item_code,
        name: of_product("title"),
        brand: None,
        color: None,
        category: None,
        sub_category: None,
        serial_number: None,
        price: product.get("price").and_then(amount),
        final_amount_paid: None,
        image_url: text_at(product, "/image/src"),
        store_credits_used: None,
        sub_taxes: Vec::new(),
    }
}

fn amount(value: &Value) -> Option<Amount> {
    measured(value).ok()
}

/// A text, or a whole number as text; `None` if it is empty.
pub(super) fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) if !number.is_f64() => number.to_string(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            String::new()
        }
    };
    (!text.is_empty()).then_some(text)
}

/// The text at a JSON pointer.
pub(super) fn text_at(value: &Value, pointer: &str) -> Option<String> {
    value.pointer(pointer).and_then(text)
}
