//! What operator commands need to know about a stack on this machine: part of what it publishes in `.local/stack.json`.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context as _;
use logistics::aws::kms::Kms;
use logistics::aws::{DynamoDb, Sqs};
use serde::{Deserialize, Serialize};

use crate::sdk_clients;

/// Addresses of a running stack, and the names of its tables and queues.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RunningStack {
    /// URL of DynamoDB.
    pub dynamodb_url: String,
    /// URL of SQS.
    pub sqs_url: String,
    /// URL of KMS.
    pub kms_url: String,
    /// The keyring that encrypts stored secrets, wrapped by that KMS.
    pub sealing_keyring: String,
    /// Addresses on this machine that may be called, as the functions' variable `LOCAL_TARGETS` names them.
    #[serde(default)]
    pub local_targets: String,
    /// The names of the tables, by their logical ids.
    pub tables: BTreeMap<String, String>,
    /// The URLs of the queues, by their logical ids.
    pub queue_urls: BTreeMap<String, String>,
}

impl RunningStack {
    /// Reads the file that a running stack publishes.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read(path).with_context(|| {
            format!(
                "cannot read {}: is the local stack running? Start it with `cargo local`",
                path.display()
            )
        })?;
        serde_json::from_slice(&text).with_context(|| format!("in {}", path.display()))
    }

    /// The name of a table by its logical id.
    pub fn table(&self, logical_id: &str) -> anyhow::Result<&str> {
        let name = self.tables.get(logical_id);
        let name = name.with_context(|| format!("{logical_id} not found in the running stack"))?;
        Ok(name)
    }

    /// The URL of a queue by its logical id.
    pub fn queue_url(&self, logical_id: &str) -> anyhow::Result<&str> {
        let url = self.queue_urls.get(logical_id);
        let url = url.with_context(|| format!("{logical_id} not found in the running stack"))?;
        Ok(url)
    }

    /// A client for its DynamoDB.
    pub fn dynamodb(&self) -> DynamoDb {
        sdk_clients::dynamodb(&self.dynamodb_url)
    }

    /// A client for its SQS.
    pub fn sqs(&self) -> Sqs {
        sdk_clients::sqs(&self.sqs_url)
    }

    /// A client for its KMS.
    pub fn kms(&self) -> Kms {
        sdk_clients::kms(&self.kms_url)
    }
}
