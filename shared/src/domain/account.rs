//! A client's accounts at partners: aggregators and sales channels.

use std::collections::BTreeMap;

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::domain::draft::differing;
use crate::domain::proof::PushProofs;
use crate::domain::secrets::are_same;
use crate::domain::status_mappings::StatusMappings;
use crate::domain::text::{
    AccountAlias, AggregatorName, ChannelName, ClientId, CourierId, WarehouseCode,
};

/// Where the account ships.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default, utoipa::ToSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum Region {
    /// Within the country of the aggregator: India, or Indonesia.
    #[default]
    Domestic,
    /// International.
    International,
}

/// The kind of a partner. Accounts of different kinds may have the same alias.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartnerKind {
    /// A logistic aggregator.
    Aggregator,
    /// A sales channel.
    Channel,
}

/// What the accounts of all partners have, whatever the partner does for us.
#[derive(Debug, Clone, Copy)]
pub struct PartnerAccount<'a> {
    /// The client.
    pub client_id: &'a ClientId,
    /// The alias, unique within the client.
    pub alias: &'a AccountAlias,
    /// The kind of the partner.
    pub kind: PartnerKind,
    /// The name of the partner's adapter.
    pub partner: &'a str,
    /// The adapter's credentials, by name; empty if the function may not open them.
    pub credentials: &'a BTreeMap<String, SecretString>,
    /// The adapter's URLs, by name.
    pub urls: &'a BTreeMap<String, Url>,
}

/// An account at an aggregator. The adapter defines which credentials, URLs and settings it has.
#[derive(Debug, Clone)]
pub struct LogisticAccount {
    /// The client.
    pub client_id: ClientId,
    /// The alias, unique within the client.
    pub alias: AccountAlias,
    /// The name of the aggregator's adapter.
    pub aggregator: AggregatorName,
    /// Where it ships.
    pub region: Region,
    /// The adapter's credentials, by name; empty if the function may not open them.
    pub credentials: BTreeMap<String, SecretString>,
    /// The adapter's URLs, by name.
    pub urls: BTreeMap<String, Url>,
    /// The adapter's settings, by name.
    pub settings: BTreeMap<String, String>,
    /// Settings of single warehouses, by warehouse code.
    pub warehouses: BTreeMap<WarehouseCode, BTreeMap<String, String>>,
    /// The courier for requests without one.
    pub default_courier: Option<CourierId>,
    /// Whether pushes of this account are forwarded.
    pub notifications_enabled: bool,
    /// The types of status codes that the aggregator's table does not know.
    pub status_mappings: StatusMappings,
    /// Digests that authenticate its pushes.
    pub proofs: PushProofs,
    /// What its pushes are found by: the user name of its push credential, or the token in its push URL.
    pub push_name: Option<SecretString>,
}

impl LogisticAccount {
    /// The part that accounts of all partners share.
    pub fn as_partner(&self) -> PartnerAccount<'_> {
        PartnerAccount {
            client_id: &self.client_id,
            alias: &self.alias,
            kind: PartnerKind::Aggregator,
            partner: self.aggregator.as_str(),
            credentials: &self.credentials,
            urls: &self.urls,
        }
    }

    /// A setting: the warehouse's if it has one, otherwise the account's.
    pub fn setting(&self, name: &str, warehouse: Option<&WarehouseCode>) -> Option<&str> {
        let of_warehouse = warehouse
            .and_then(|code| self.warehouses.get(code))
            .and_then(|settings| settings.get(name));
        of_warehouse
            .or_else(|| self.settings.get(name))
            .map(String::as_str)
    }

    /// The names of the fields that differ from `before`; for a new account, those that differ from the defaults.
    pub fn changed_from(&self, before: Option<&Self>) -> Vec<String> {
        let plain = Self {
            credentials: BTreeMap::new(),
            urls: BTreeMap::new(),
            settings: BTreeMap::new(),
            warehouses: BTreeMap::new(),
            default_courier: None,
            notifications_enabled: true,
            status_mappings: StatusMappings::default(),
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
                "statusMappings",
                before.status_mappings != self.status_mappings,
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
                !same_secret(before.push_name.as_ref(), self.push_name.as_ref()),
            ),
        ])
    }
}

/// An account at a sales channel. The adapter defines which credentials, URLs and settings it has.
#[derive(Debug, Clone)]
pub struct ChannelAccount {
    /// The client.
    pub client_id: ClientId,
    /// The alias, unique among the client's channel accounts.
    pub alias: AccountAlias,
    /// The name of the channel's adapter.
    pub channel: ChannelName,
    /// The adapter's credentials, by name; empty if the function may not open them.
    pub credentials: BTreeMap<String, SecretString>,
    /// The adapter's URLs, by name.
    pub urls: BTreeMap<String, Url>,
    /// The adapter's settings, by name.
    pub settings: BTreeMap<String, String>,
    /// Whether RMS works for it: receives its webhooks and calls the channel.
    pub enabled: bool,
    /// The token in its webhook URL.
    pub hook_token: Option<SecretString>,
    /// When the polling of its orders was switched on; `None` if it is off, or was on before RMS polled orders.
    pub polled_since: Option<Timestamp>,
}

impl ChannelAccount {
    /// The part that accounts of all partners share.
    pub fn as_partner(&self) -> PartnerAccount<'_> {
        PartnerAccount {
            client_id: &self.client_id,
            alias: &self.alias,
            kind: PartnerKind::Channel,
            partner: self.channel.as_str(),
            credentials: &self.credentials,
            urls: &self.urls,
        }
    }

    /// A setting.
    pub fn setting(&self, name: &str) -> Option<&str> {
        self.settings.get(name).map(String::as_str)
    }

    /// The names of the fields that differ from `before`; for a new account, those that differ from the defaults.
    pub fn changed_from(&self, before: Option<&Self>) -> Vec<String> {
        let plain = Self {
            credentials: BTreeMap::new(),
            urls: BTreeMap::new(),
            settings: BTreeMap::new(),
            enabled: true,
            hook_token: None,
            ..self.clone()
        };
        let is_new = before.is_none();
        let before = before.unwrap_or(&plain);
        differing([
            ("channel", is_new),
            (
                "credentials",
                !are_same(&before.credentials, &self.credentials),
            ),
            ("urls", before.urls != self.urls),
            ("settings", before.settings != self.settings),
            ("enabled", before.enabled != self.enabled),
            (
                "webhookUrl",
                !same_secret(before.hook_token.as_ref(), self.hook_token.as_ref()),
            ),
        ])
    }
}

fn same_secret(one: Option<&SecretString>, other: Option<&SecretString>) -> bool {
    one.map(ExposeSecret::expose_secret) == other.map(ExposeSecret::expose_secret)
}
