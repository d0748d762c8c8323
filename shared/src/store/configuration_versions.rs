//! The table of versions: one per client, which changes with every change of an account or an endpoint.
//!
//! An instance caches accounts and endpoints with a version. A push reads the current version, in the one read that it
//! needs anyway; if it differs, the cached objects are read again. So an outdated cache decides nothing that is
//! recorded or sent. A client without an item has the first version, and a lost item counts as a change.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::builders::PutBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes, Put};

use crate::domain::text::ClientId;
use crate::domain::version::Version;
use crate::store::batch_read::{Found, Wanted};
use crate::store::failure::StoreFailure;
use crate::store::transaction::Part;

const CLIENT: &str = "clientId";
/// The attribute with a version, here and in configured objects.
pub(super) const VERSION: &str = "version";

/// A new unique version. It is not a secret.
pub(super) fn next() -> Version {
    Version::new(format!("{:016x}", fastrand::u64(..)))
}

/// The table.
#[derive(Debug, Clone)]
pub struct ConfigurationVersions {
    table: String,
}

impl ConfigurationVersions {
    /// The table with that name.
    pub fn new(table: String) -> Self {
        Self { table }
    }

    /// The read request for the current version of a client's configuration.
    pub fn wanted(&self, client_id: &ClientId) -> Result<Wanted, StoreFailure> {
        let keys = KeysAndAttributes::builder()
            .keys(key(client_id))
            // A change that was made before the push arrived must be seen.
            .consistent_read(true)
            .build()?;
        Ok(Wanted {
            table: self.table.clone(),
            keys,
        })
    }

    /// The version that was found.
    pub fn found(&self, mut found: Found) -> Version {
        let item = found.of(&self.table).pop().unwrap_or_default();
        version_of(&item)
    }

    /// The write that is part of every change: a new unique version.
    pub fn raised(&self, client_id: &ClientId) -> Result<Part, StoreFailure> {
        Ok(self.put(client_id).build()?.into())
    }

    /// The same for a change that was decided on what the client has configured: it fails if that is not the present
    /// version any more.
    pub fn raised_from(&self, client_id: &ClientId, seen: &Version) -> Result<Part, StoreFailure> {
        let put = self.put(client_id);
        let put = if *seen == Version::default() {
            put.condition_expression(format!("attribute_not_exists({VERSION})"))
        } else {
            put.condition_expression(format!("{VERSION} = :seen"))
                .expression_attribute_values(":seen", AttributeValue::S(seen.as_str().to_owned()))
        };
        Ok(put.build()?.into())
    }

    fn put(&self, client_id: &ClientId) -> PutBuilder {
        let version = next();
        Put::builder()
            .table_name(&self.table)
            .set_item(Some(key(client_id)))
            .item(VERSION, AttributeValue::S(version.as_str().to_owned()))
    }
}

/// The version of an item.
pub(super) fn version_of(item: &HashMap<String, AttributeValue>) -> Version {
    let version = item.get(VERSION).and_then(|version| version.as_s().ok());
    version.map(Version::new).unwrap_or_default()
}

fn key(client_id: &ClientId) -> HashMap<String, AttributeValue> {
    let client_id = AttributeValue::S(client_id.to_string());
    HashMap::from([(CLIENT.to_owned(), client_id)])
}
