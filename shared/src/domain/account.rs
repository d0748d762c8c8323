//! A client's credentials at an aggregator.

use std::collections::BTreeMap;

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::domain::text::{AccountAlias, AggregatorName, ClientId, CourierId};

/// Where the account ships.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "UPPERCASE")]
pub enum Region {
    /// Within India.
    #[default]
    Domestic,
    /// Across borders.
    International,
}

/// One set of credentials at one aggregator. Which credentials, URLs and settings there are is the adapter's affair.
#[derive(Debug, Clone)]
pub struct LogisticAccount {
    /// The client it belongs to.
    pub client_id: ClientId,
    /// Its name within the client.
    pub alias: AccountAlias,
    /// The adapter that speaks to this aggregator.
    pub aggregator: AggregatorName,
    /// Where it ships.
    pub region: Region,
    /// The adapter's credentials by their names.
    pub credentials: BTreeMap<String, SecretString>,
    /// The adapter's URLs by their names.
    pub urls: BTreeMap<String, Url>,
    /// The adapter's settings by their names.
    pub settings: BTreeMap<String, String>,
    /// The courier for requests that name none.
    pub default_courier: Option<CourierId>,
    /// Whether pushes of this account are forwarded.
    pub notifications_enabled: bool,
}
