//! A client's credentials at an aggregator.

use std::collections::BTreeMap;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::domain::draft::differing;
use crate::domain::proof::PushProofs;
use crate::domain::secrets::are_same;
use crate::domain::text::{AccountAlias, AggregatorName, ClientId, CourierId, WarehouseCode};

/// Where the account ships.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default, utoipa::ToSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum Region {
    /// Within India.
    #[default]
    Domestic,
    /// Across borders.
    International,
}

/// What every partner's account has, whatever the partner does for us.
#[derive(Debug, Clone, Copy)]
pub struct PartnerAccount<'a> {
    /// The client it belongs to.
    pub client_id: &'a ClientId,
    /// Its name within the client.
    pub alias: &'a AccountAlias,
    /// The name under which its adapter is registered.
    pub partner: &'a str,
    /// The adapter's credentials by their names; none where the function may not open them.
    pub credentials: &'a BTreeMap<String, SecretString>,
    /// The adapter's URLs by their names.
    pub urls: &'a BTreeMap<String, Url>,
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
    /// The adapter's credentials by their names; none where the function may not open them.
    pub credentials: BTreeMap<String, SecretString>,
    /// The adapter's URLs by their names.
    pub urls: BTreeMap<String, Url>,
    /// The adapter's settings by their names.
    pub settings: BTreeMap<String, String>,
    /// Settings that differ for a warehouse, by its code.
    pub warehouses: BTreeMap<WarehouseCode, BTreeMap<String, String>>,
    /// The courier for requests that name none.
    pub default_courier: Option<CourierId>,
    /// Whether pushes of this account are forwarded.
    pub notifications_enabled: bool,
    /// What its pushes prove themselves by: digests alone.
    pub proofs: PushProofs,
    /// By what its pushes are found: the user name of its push credential, or the token in its push URL.
    pub push_name: Option<SecretString>,
}

impl LogisticAccount {
    /// What it has in common with the accounts of all other partners.
    pub fn as_partner(&self) -> PartnerAccount<'_> {
        PartnerAccount {
            client_id: &self.client_id,
            alias: &self.alias,
            partner: self.aggregator.as_str(),
            credentials: &self.credentials,
            urls: &self.urls,
        }
    }

    /// A setting: the warehouse's own, else the account's.
    pub fn setting(&self, name: &str, warehouse: Option<&WarehouseCode>) -> Option<&str> {
        let of_warehouse = warehouse
            .and_then(|code| self.warehouses.get(code))
            .and_then(|settings| settings.get(name));
        of_warehouse
            .or_else(|| self.settings.get(name))
            .map(String::as_str)
    }

    /// The names of the fields that have another value than `before`; of a new account those that are not as usual.
    pub fn changed_from(&self, before: Option<&Self>) -> Vec<String> {
        let same_text = |one: Option<&SecretString>, other: Option<&SecretString>| {
            one.map(ExposeSecret::expose_secret) == other.map(ExposeSecret::expose_secret)
        };
        let plain = Self {
            credentials: BTreeMap::new(),
            urls: BTreeMap::new(),
            settings: BTreeMap::new(),
            warehouses: BTreeMap::new(),
            default_courier: None,
            notifications_enabled: true,
            proofs: PushProofs::default(),
            push_name: None,
            ..self.clone()
        };
        let is_new = before.is_none();
        let before = before.unwrap_or(&plain);
        differing([
            ("aggregator", is_new),
            ("region", is_new || before.region != self.region),
            (
                "credentials",
                !are_same(&before.credentials, &self.credentials),
            ),
            ("urls", before.urls != self.urls),
            ("settings", before.settings != self.settings),
            ("warehouses", before.warehouses != self.warehouses),
            (
                "notificationsEnabled",
                before.notifications_enabled != self.notifications_enabled,
            ),
            (
                "defaultCourierId",
                before.default_courier != self.default_courier,
            ),
            (
                "webhookKey",
                before.proofs.webhook_key != self.proofs.webhook_key,
            ),
            (
                "pushUrl",
                !same_text(before.push_name.as_ref(), self.push_name.as_ref()),
            ),
        ])
    }
}
