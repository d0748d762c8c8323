//! Keys of requests: camelCase and `snake_case` are the same.

use serde_json::{Map, Value};

/// A key in `snake_case`.
pub(super) fn snake(key: &str) -> String {
    let mut snake = String::new();
    for letter in key.chars() {
        if letter.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

/// The value with all keys in `snake_case`.
pub(super) fn with_snake_keys(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields = fields.into_iter();
            let fields: Map<String, Value> = fields
                .map(|(key, value)| (snake(&key), with_snake_keys(value)))
                .collect();
            Value::Object(fields)
        }
        Value::Array(values) => values.into_iter().map(with_snake_keys).collect(),
        plain @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => plain,
    }
}
