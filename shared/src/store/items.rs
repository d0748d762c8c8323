//! Items and their keys.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::Serialize;
use serde::de::value::MapDeserializer;
use serde::de::{DeserializeOwned, IntoDeserializer};
use serde_dynamo::{Deserializer, to_item};

use crate::domain::endpoint_key::EndpointKey;
use crate::store::keys::Key;

impl EndpointKey {
    /// The key of an endpoint's items as attributes.
    pub(super) fn attributes(&self) -> HashMap<String, AttributeValue> {
        let text = |value: &str| AttributeValue::S(value.to_owned());
        HashMap::from([
            ("clientId".to_owned(), text(self.client_id.as_str())),
            ("endpointId".to_owned(), text(self.endpoint_id.as_str())),
        ])
    }
}

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

/// Reads an item. The function of this name of `serde_dynamo` makes a second map of the attributes first, which costs as much as
/// reading them.
pub(super) fn from_item<T: DeserializeOwned>(
    item: HashMap<String, AttributeValue>,
) -> Result<T, serde_dynamo::Error> {
    let attributes = item.into_iter();
    let attributes = attributes.map(|(name, value)| (name, Attribute(value)));
    T::deserialize(MapDeserializer::new(attributes))
}

/// Reads items.
pub(super) fn from_items<T: DeserializeOwned>(
    items: Vec<HashMap<String, AttributeValue>>,
) -> Result<Vec<T>, serde_dynamo::Error> {
    items.into_iter().map(from_item).collect()
}

/// An attribute's value, to be read.
struct Attribute(AttributeValue);

impl IntoDeserializer<'_, serde_dynamo::Error> for Attribute {
    type Deserializer = Deserializer;

    fn into_deserializer(self) -> Deserializer {
        Deserializer::from_attribute_value(self.0.into())
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

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "camelCase")]
    enum Kind {
        Plain,
        Measured { grams: u32 },
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Thing {
        code: String,
        count: u64,
        share: f64,
        is_new: bool,
        raw: serde_bytes::ByteBuf,
        kinds: Vec<Kind>,
        null: Option<u32>,
        absent: Option<u32>,
        #[serde(default)]
        names: Vec<String>,
        by_name: HashMap<String, i64>,
    }

    fn thing() -> HashMap<String, AttributeValue> {
        let text = |value: &str| AttributeValue::S(value.to_owned());
        let number = |value: &str| AttributeValue::N(value.to_owned());
        let map = |name: &str, value| AttributeValue::M([(name.to_owned(), value)].into());
        let kinds = [text("plain"), map("measured", map("grams", number("5")))];
        let attributes = [
            ("code", text("A-1")),
            ("count", number("18446744073709551615")),
            ("share", number("0.25")),
            ("isNew", AttributeValue::Bool(true)),
            ("raw", AttributeValue::B(vec![0, 255].into())),
            ("kinds", AttributeValue::L(kinds.to_vec())),
            ("null", AttributeValue::Null(true)),
            ("names", AttributeValue::Ss(vec!["x".to_owned()])),
            ("byName", map("x", number("-1"))),
            ("notRead", text("")),
        ];
        attributes
            .map(|(name, value)| (name.to_owned(), value))
            .into()
    }

    #[test]
    fn an_item_is_read_as_serde_dynamo_reads_it() {
        let read: Thing = from_item(thing()).unwrap();
        assert_eq!(read, serde_dynamo::from_item(thing()).unwrap());
        assert_eq!(read.kinds, [Kind::Plain, Kind::Measured { grams: 5 }]);
        for (name, wrong) in [
            ("code", None),
            ("count", Some(AttributeValue::S("1".to_owned()))),
            ("isNew", Some(AttributeValue::Null(true))),
        ] {
            let mut item = thing();
            item.remove(name);
            item.extend(wrong.map(|value| (name.to_owned(), value)));
            let ours = from_item::<Thing>(item.clone()).unwrap_err();
            let theirs = serde_dynamo::from_item::<_, Thing>(item).unwrap_err();
            assert_eq!(ours.to_string(), theirs.to_string());
        }
    }
}
