//! Items of tables with two key attributes.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::Serialize;
use serde_dynamo::to_item;

use crate::store::keys::Key;

/// A key as attributes.
pub(super) fn attributes(key: &Key) -> HashMap<String, AttributeValue> {
    HashMap::from([
        ("pk".to_owned(), AttributeValue::S(key.pk.clone())),
        ("sk".to_owned(), AttributeValue::S(key.sk.clone())),
    ])
}

/// The key of an item.
pub(super) fn key_of(item: &HashMap<String, AttributeValue>) -> Key {
    let text = |name| {
        item.get(name)
            .and_then(|value| value.as_s().ok())
            .cloned()
            .unwrap_or_default()
    };
    Key {
        pk: text("pk"),
        sk: text("sk"),
    }
}

/// A value as an item with a key.
pub(super) fn item(
    key: &Key,
    value: &impl Serialize,
) -> Result<HashMap<String, AttributeValue>, serde_dynamo::Error> {
    let mut item: HashMap<String, AttributeValue> = to_item(value)?;
    item.extend(attributes(key));
    Ok(item)
}
