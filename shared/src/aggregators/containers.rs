//! Reads objects and lists as leniently as scalars: a sender whose language has one type for both writes an empty object as
//! `[]`, and a list as an object with numbers as keys. All adapters use these readers.

use serde_json::Value;

/// An object; `None` for anything else, which the caller names among the unread fields if it has content.
pub fn object(value: &Value) -> Option<&Value> {
    Some(value).filter(|value| value.is_object())
}

/// The entries of a list, or the values of an object that stands for one; `None` if it is neither.
pub fn entries(value: &Value) -> Option<Vec<&Value>> {
    match value {
        Value::Array(entries) => Some(entries.iter().collect()),
        Value::Object(entries) => Some(entries.values().collect()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_list_may_be_written_as_an_object() {
        let list = json!([{"id": 1}, {"id": 2}]);
        let keyed = json!({"0": {"id": 1}, "1": {"id": 2}});
        assert_eq!(entries(&list), entries(&keyed));
        for neither in [json!(null), json!("NA"), json!(7), json!(true)] {
            assert_eq!(entries(&neither), None, "{neither}");
            assert_eq!(object(&neither), None, "{neither}");
        }
        assert_eq!(object(&json!([])), None);
        assert!(object(&json!({})).is_some());
    }
}
