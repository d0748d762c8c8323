//! A stack that runs on this machine, as far as an operator's commands need to know it. It publishes this of itself in
//! `.local/stack.json`, among other things.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context as _;
use logistics::aws::kms::Kms;
use serde::{Deserialize, Serialize};

use crate::sdk_clients;

/// Where a running stack's state is, and what its tables and queues are called there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RunningStack {
    /// Of DynamoDB.
    pub dynamodb_url: String,
    /// Of SQS.
    pub sqs_url: String,
    /// Of KMS.
    pub kms_url: String,
    /// The keyring that seals secrets in tables, wrapped by that KMS.
    pub sealing_keyring: String,
    /// The names of the tables, by their logical ids.
    pub tables: BTreeMap<String, String>,
    /// The URLs of the queues, by their logical ids.
    pub queue_urls: BTreeMap<String, String>,
}

impl RunningStack {
    /// Reads what a running stack published.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read(path).with_context(|| {
            format!(
                "cannot read {}: is the local stack running? (cargo local)",
                path.display()
            )
        })?;
        serde_json::from_slice(&text).with_context(|| format!("in {}", path.display()))
    }

    /// The name of a table by its logical id.
    pub fn table(&self, logical_id: &str) -> anyhow::Result<&str> {
        let name = self.tables.get(logical_id);
        let name = name.with_context(|| format!("the running stack has no {logical_id}"))?;
        Ok(name)
    }

    /// The URL of a queue by its logical id.
    pub fn queue_url(&self, logical_id: &str) -> anyhow::Result<&str> {
        let url = self.queue_urls.get(logical_id);
        let url = url.with_context(|| format!("the running stack has no {logical_id}"))?;
        Ok(url)
    }

    /// A client of its DynamoDB.
    pub fn dynamodb(&self) -> aws_sdk_dynamodb::Client {
        sdk_clients::dynamodb(&self.dynamodb_url)
    }

    /// A client of its SQS.
    pub fn sqs(&self) -> aws_sdk_sqs::Client {
        sdk_clients::sqs(&self.sqs_url)
    }

    /// A client of its KMS.
    pub fn kms(&self) -> Kms {
        sdk_clients::kms(&self.kms_url)
    }
}
