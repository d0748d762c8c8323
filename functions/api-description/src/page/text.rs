//! Texts of the description: paragraphs with code between backticks.

use serde_json::Value;

/// A paragraph.
pub(super) struct Paragraph {
    pub(super) parts: Vec<Part>,
}

/// A piece of a text.
pub(super) struct Part {
    pub(super) text: String,
    pub(super) is_code: bool,
}

/// The paragraphs of a text, which empty lines separate.
pub(super) fn paragraphs(text: &str) -> Vec<Paragraph> {
    let blocks = text.split("\n\n").filter(|block| !block.trim().is_empty());
    blocks
        .map(|block| Paragraph {
            parts: parts(block),
        })
        .collect()
}

/// A text in pieces: every second one is code.
pub(super) fn parts(text: &str) -> Vec<Part> {
    let pieces = text.split('`').enumerate();
    let parts = pieces.map(|(place, text)| Part {
        text: text.to_owned(),
        is_code: place % 2 == 1,
    });
    parts.filter(|part| !part.text.is_empty()).collect()
}

/// A member that is a text; empty if there is none.
pub(super) fn word<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// The members of an object.
pub(super) fn members<'a>(
    value: &'a Value,
    name: &str,
) -> impl Iterator<Item = (&'a str, &'a Value)> + use<'a> {
    let object = value
        .get(name)
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    object.map(|(name, value)| (name.as_str(), value))
}

/// The entries of a list.
pub(super) fn entries<'a>(
    value: &'a Value,
    name: &str,
) -> impl Iterator<Item = &'a Value> + Clone + use<'a> {
    value
        .get(name)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}
