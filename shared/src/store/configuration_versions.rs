//! The table of versions: one for each client, which is another one after every change of an account or an endpoint.
//!
//! An instance remembers accounts and endpoints as of a version. A push reads the version as it is now, in the one read
//! that it makes anyway; if it is another one, what is remembered is read again. So what an instance remembers decides
//! nothing that is recorded or sent. A client without an item has the first version, and a lost item is a change.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes, Put};

use crate::domain::text::ClientId;
use crate::domain::version::Version;
use crate::store::batch_read::{Found, Wanted};
use crate::store::failure::StoreFailure;
use crate::store::transaction::Part;

const CLIENT: &str = "clientId";
/// The attribute that holds a version, here and in what is configured.
pub(super) const VERSION: &str = "version";

/// A version that no other state has. It is no secret, only new.
pub(super) fn next() -> Version {
    Version::new(format!("{:016x}", fastrand::u64(..)))
}

/// The table.
#[derive(Debug, Clone)]
pub struct ConfigurationVersions {
    table: String,
}

impl ConfigurationVersions {
    /// The table of that name.
    pub fn new(table: String) -> Self {
        Self { table }
    }

    /// Asks for the version of a client's configuration as it is now.
    pub fn wanted(&self, client_id: &ClientId) -> Result<Wanted, StoreFailure> {
        let keys = KeysAndAttributes::builder()
            .keys(key(client_id))
            // What was changed before the push came must be seen.
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

    /// The write that goes with every change: another version than any before.
    pub(super) fn raised(&self, client_id: &ClientId) -> Result<Part, StoreFailure> {
        let version = next();
        let put = Put::builder()
            .table_name(&self.table)
            .set_item(Some(key(client_id)))
            .item(VERSION, AttributeValue::S(version.as_str().to_owned()))
            .build()?;
        Ok(put.into())
    }
}

/// The version in an item.
pub(super) fn version_of(item: &HashMap<String, AttributeValue>) -> Version {
    let version = item.get(VERSION).and_then(|version| version.as_s().ok());
    version.map(Version::new).unwrap_or_default()
}

fn key(client_id: &ClientId) -> HashMap<String, AttributeValue> {
    let client_id = AttributeValue::S(client_id.to_string());
    HashMap::from([(CLIENT.to_owned(), client_id)])
}
