//! What a newcomer finds in a fresh stack: a client with a key, logistic accounts and a webhook endpoint.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::backends::Backends;
use crate::resources::Resources;

/// What was seeded, and what is needed to use it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Demo {
    /// The demo client.
    pub client_id: String,
    /// A key of that client with all scopes.
    pub api_key: String,
    /// The endpoint that leads to the sink.
    pub endpoint_id: String,
    /// With which deliveries to that endpoint are signed.
    pub signing_secret: String,
    /// By alias.
    pub accounts: BTreeMap<String, DemoAccount>,
}

/// A logistic account of the demo client.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DemoAccount {
    /// The aggregator's name.
    pub aggregator: String,
    /// Where this aggregator pushes.
    pub push_url: String,
    /// The proofs that a push carries.
    pub headers: BTreeMap<String, String>,
}

/// Where the parts of the stack are, which the seeded accounts and endpoints point to.
#[derive(Debug, Clone)]
pub struct Places<'a> {
    /// Of the API.
    pub base_url: &'a str,
    /// Of the aggregator simulators.
    pub simulator_url: &'a str,
    /// Of the client sink.
    pub sink_url: &'a str,
}

/// Seeds the demo, unless a data directory already has it.
#[expect(
    clippy::unused_async,
    reason = "it writes to the store, as soon as there is one"
)]
pub async fn seed(
    _backends: &Backends,
    _resources: &Resources,
    _places: &Places<'_>,
) -> anyhow::Result<Demo> {
    Ok(Demo {
        client_id: Uuid::now_v7().to_string(),
        api_key: Uuid::now_v7().simple().to_string(),
        endpoint_id: "demo".to_owned(),
        signing_secret: String::new(),
        accounts: BTreeMap::new(),
    })
}
