//! A push without what proves it. Everything else stays as it came, also the order of the fields and the digits of numbers.

use std::fmt;

use serde::Deserializer as _;
use serde::de::{MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

/// The fields of an object, in their order.
struct AllFields;

impl<'de> Visitor<'de> for AllFields {
    type Value = Vec<(String, &'de RawValue)>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields = Vec::new();
        while let Some(field) = map.next_entry()? {
            fields.push(field);
        }
        Ok(fields)
    }
}

/// The object in `body` without this field; `None` if only a lenient parser can read it.
pub(super) fn without(field: &str, body: &[u8]) -> Option<Vec<u8>> {
    let body = std::str::from_utf8(body).ok()?;
    let mut parser = serde_json::Deserializer::from_str(body);
    let fields = parser.deserialize_map(AllFields).ok()?;
    let fields = fields.into_iter().filter(|(name, _)| name != field);
    let fields: Vec<String> = fields
        .map(|(name, value)| format!("{}:{}", Value::from(name), value.get()))
        .collect();
    Some(format!("{{{}}}", fields.join(",")).into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_else_stays_as_it_came() {
        let body = br#"{ "z": 1.50, "auth": "x", "a": {"auth" : 1e400}, "b\"": [1, 2] }"#;
        let left = r#"{"z":1.50,"a":{"auth" : 1e400},"b\"":[1, 2]}"#;
        assert_eq!(without("auth", body).unwrap(), left.as_bytes());
        assert_eq!(without("auth", br#"{"auth":1}"#).unwrap(), b"{}");
        for odd in [&b"[1]"[..], b"{", b"7", b"{\"a\": \"\xe9\"}"] {
            assert_eq!(without("auth", odd), None);
        }
    }
}
