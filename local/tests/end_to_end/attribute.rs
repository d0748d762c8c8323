//! SDK attribute values.

use aws_sdk_dynamodb::types::AttributeValue;

/// A string attribute.
pub(crate) fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}
