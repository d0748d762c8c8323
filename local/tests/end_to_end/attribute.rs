//! Attributes of items, as the SDK has them.

use aws_sdk_dynamodb::types::AttributeValue;

/// A text.
pub(crate) fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}
