//! Reads the JSON of a partner's response. The response to a purchase must not be lost because of one value in it: a value
//! that no JSON parser can represent, such as `1e400`, counts as null, and half of a surrogate pair as `U+FFFD`.

use std::collections::BTreeMap;

use serde_json::Value;
use serde_json::value::RawValue;

use crate::contract::surrogates::without_halves;

/// How deep values may be nested, as in `serde_json`.
const DEEPEST: usize = 127;

/// A JSON object; `None` if the body is anything else. Bytes that are not UTF-8 become `U+FFFD`.
pub fn object(body: &[u8]) -> Option<Value> {
    let text = String::from_utf8_lossy(body);
    let value = match serde_json::from_str(&text) {
        Ok(value) => value,
        Err(_) => mended(&text)?,
    };
    value.is_object().then_some(value)
}

fn mended(text: &str) -> Option<Value> {
    let whole = without_halves(text.as_bytes()).and_then(|whole| String::from_utf8(whole).ok());
    let text = whole.as_deref().unwrap_or(text);
    Some(each(serde_json::from_str(text).ok()?, DEEPEST))
}

/// Parses each value within an object or a list by itself.
fn each(raw: &RawValue, depth: usize) -> Value {
    let text = raw.get();
    let Some(deeper) = depth.checked_sub(1) else {
        return Value::Null;
    };
    if let Ok(fields) = serde_json::from_str::<BTreeMap<String, &RawValue>>(text) {
        let fields = fields.into_iter();
        return fields
            .map(|(name, raw)| (name, each(raw, deeper)))
            .collect();
    }
    if let Ok(entries) = serde_json::from_str::<Vec<&RawValue>>(text) {
        return entries.into_iter().map(|raw| each(raw, deeper)).collect();
    }
    serde_json::from_str(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_cannot_be_represented_is_lost() {
        let body = br#"{"awb": "1", "name": "\ud83d", "list": [1e400, 2, {"x": "\udc00", "y": "\ud83d\ude00"}]}"#;
        let expected = json!({
            "awb": "1", "name": "\u{fffd}", "list": [null, 2, {"x": "\u{fffd}", "y": "😀"}],
        });
        assert_eq!(object(body), Some(expected));
    }

    #[test]
    fn bytes_that_are_not_utf_8_are_replaced() {
        let body = b"{\"awb\": \"1\", \"name\": \"Caf\xe9\"}";
        assert_eq!(
            object(body),
            Some(json!({"awb": "1", "name": "Caf\u{fffd}"}))
        );
    }

    #[test]
    fn anything_else_is_no_object() {
        let deep = format!("{{\"a\": {}1{}}}", "[".repeat(1_000), "]".repeat(1_000));
        assert!(object(deep.as_bytes()).is_some());
        for body in [
            "",
            "[]",
            "null",
            "1e400",
            "<html>",
            "{\"a\": NaN}",
            "{\"a\": 1} x",
        ] {
            assert_eq!(object(body.as_bytes()), None, "{body}");
        }
    }
}
