//! Answers with optional fields.

use serde_json::Value;

/// The object with these additional fields.
pub(super) fn with<N: Into<String>>(
    mut answer: Value,
    fields: impl IntoIterator<Item = (N, Value)>,
) -> Value {
    if let Value::Object(known) = &mut answer {
        let fields = fields.into_iter();
        known.extend(fields.map(|(name, value)| (name.into(), value)));
    }
    answer
}
