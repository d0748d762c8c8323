//! `fields=items[entity_id,status],total_count`: the answer with these fields alone.

use std::collections::BTreeMap;

use serde_json::Value;

#[derive(Default)]
struct Fields(BTreeMap<String, Fields>);

/// The value with the named fields alone.
pub(super) fn projected(value: Value, fields: &str) -> Value {
    let (fields, _) = parsed(fields);
    fields.of(value)
}

/// The fields up to the closing bracket, and what follows it.
fn parsed(mut rest: &str) -> (Fields, &str) {
    let mut fields = Fields::default();
    while let Some(end) = rest.find(['[', ']', ',']) {
        let (name, after) = rest.split_at(end);
        let mut below = Fields::default();
        let delimiter = after.chars().next();
        rest = after.get(1..).unwrap_or_default();
        if delimiter == Some('[') {
            (below, rest) = parsed(rest);
        }
        fields.add(name, below);
        if delimiter == Some(']') {
            return (fields, rest);
        }
    }
    fields.add(rest, Fields::default());
    (fields, "")
}

impl Fields {
    fn add(&mut self, name: &str, below: Self) {
        if !name.is_empty() {
            self.0.insert(name.trim().to_owned(), below);
        }
    }

    fn of(&self, value: Value) -> Value {
        if self.0.is_empty() {
            return value;
        }
        match value {
            Value::Object(fields) => fields
                .into_iter()
                .filter_map(|(name, value)| Some((self.0.get(&name)?.of(value), name)))
                .map(|(value, name)| (name, value))
                .collect(),
            Value::Array(values) => values.into_iter().map(|value| self.of(value)).collect(),
            plain @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => plain,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn fields_are_chosen_below_lists() {
        let page =
            json!({ "items": [{ "a": 1, "b": { "c": 2, "d": 3 } }], "total_count": 1, "x": 0 });
        let chosen = projected(page, "items[a,b[c]],total_count");
        assert_eq!(
            chosen,
            json!({ "items": [{ "a": 1, "b": { "c": 2 } }], "total_count": 1 })
        );
    }
}
