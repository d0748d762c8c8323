//! Writes that change only what their writer has seen.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;

use crate::domain::version::{Version, Versioned};

/// The attribute that holds an item's version.
pub(super) const VERSION: &str = "version";

/// A page of a client's things, in the order of their names.
#[derive(Debug)]
pub struct Page<T> {
    /// The things.
    pub items: Vec<Versioned<T>>,
    /// The name of the last one, if there may be more behind it.
    pub next: Option<String>,
}

/// That an item of a client is as it was seen; `None` saw nothing there.
pub(super) struct Unchanged {
    pub(super) expression: &'static str,
    pub(super) names: Option<HashMap<String, String>>,
    pub(super) values: Option<HashMap<String, AttributeValue>>,
}

impl Unchanged {
    pub(super) fn since(seen: Option<&Version>) -> Self {
        let name = || Some(HashMap::from([("#version".to_owned(), VERSION.to_owned())]));
        match seen {
            None => Self {
                expression: "attribute_not_exists(clientId)",
                names: None,
                values: None,
            },
            Some(seen) if *seen == Version::default() => Self {
                expression: "attribute_exists(clientId) AND attribute_not_exists(#version)",
                names: name(),
                values: None,
            },
            Some(seen) => Self {
                expression: "#version = :seen",
                names: name(),
                values: Some(HashMap::from([(
                    ":seen".to_owned(),
                    AttributeValue::S(seen.as_str().to_owned()),
                )])),
            },
        }
    }
}

/// A version that no other state has. It is no secret, only new.
pub(super) fn next() -> Version {
    Version::new(format!("{:016x}", fastrand::u64(..)))
}
