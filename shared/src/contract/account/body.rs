//! Logistic accounts in requests and responses.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::contract::described_values::{credentials, settings, status_mappings, urls, warehouses};
use crate::domain::account::Region;
use crate::domain::notification::NotificationType;

/// The configuration of an account. PUT replaces all of it except secrets and status mappings that are not given.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = LogisticAccountConfiguration)]
pub struct AccountRequestBody {
    /// One of the names in docs/settings.md. Cannot be changed later.
    #[schema(example = "SHIPROCKET")]
    pub aggregator: String,
    /// `DOMESTIC` if absent, or `INTERNATIONAL`.
    pub region: Option<Region>,
    /// The aggregator's, by their names.
    #[schema(schema_with = credentials)]
    pub credentials: Option<BTreeMap<String, Option<String>>>,
    /// The aggregator's, by their names.
    #[schema(schema_with = urls)]
    pub urls: Option<BTreeMap<String, String>>,
    /// Settings that the aggregator needs in addition to a label request.
    #[schema(schema_with = settings)]
    pub settings: Option<BTreeMap<String, String>>,
    /// Settings of single warehouses, by warehouse code.
    #[schema(schema_with = warehouses)]
    pub warehouses: Option<BTreeMap<String, BTreeMap<String, String>>>,
    /// Whether pushes are forwarded; true if absent.
    pub notifications_enabled: Option<bool>,
    /// The notification types of status codes that RMS does not know. Absent keeps the stored ones.
    #[schema(schema_with = status_mappings)]
    pub status_mappings: Option<BTreeMap<String, NotificationType>>,
    /// The courier for requests without one: a whole number.
    #[schema(minimum = 0)]
    pub default_courier_id: Option<i64>,
    /// The key that the aggregator sends in a header of its pushes. Absent keeps the stored one, an empty string
    /// removes it.
    #[schema(max_length = 4096, pattern = r"^[^\u0000-\u001f\u007f-\u009f]*$")]
    pub webhook_key: Option<String>,
}

/// An account in responses. Sending it back with PUT changes nothing.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = LogisticAccount)]
pub struct AccountBody {
    /// The alias, unique within the client.
    pub alias: String,
    /// The aggregator.
    pub aggregator: String,
    /// Where it ships.
    pub region: Region,
    /// The names of the stored credentials, each with null instead of its value.
    pub credentials: BTreeMap<String, Option<String>>,
    /// The URLs of the aggregator.
    pub urls: BTreeMap<String, String>,
    /// Its settings.
    pub settings: BTreeMap<String, String>,
    /// Settings of single warehouses.
    pub warehouses: BTreeMap<String, BTreeMap<String, String>>,
    /// Whether pushes are forwarded.
    pub notifications_enabled: bool,
    /// The notification types of status codes that RMS does not know, by code.
    pub status_mappings: BTreeMap<String, NotificationType>,
    /// The courier for requests without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_courier_id: Option<i64>,
    /// Whether there is a webhook key.
    pub has_webhook_key: bool,
    /// The URL for the aggregator's pushes. A URL that ends with a token is a secret, and absent from lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "https://api.example/notifications/4f0c…")]
    pub push_url: Option<String>,
    /// `RMS_MAGIC` only: the credential of its pushes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub push_credential: Option<PushCredentialBody>,
    /// What to enter at the aggregator, and where.
    pub at_the_aggregator: Vec<String>,
}

impl AccountBody {
    /// The fields that a PUT does not read.
    pub(super) const ONLY_SHOWN: [&str; 5] = [
        "alias",
        "hasWebhookKey",
        "pushUrl",
        "pushCredential",
        "atTheAggregator",
    ];
}

/// The credential of an account's pushes.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PushCredential)]
pub struct PushCredentialBody {
    /// Sent as the header with this name.
    pub auth_username: String,
    /// Sent as the header with this name. Only in the response that created it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth_password: Option<String>,
}

/// A page of accounts, sorted by alias.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = LogisticAccounts)]
pub struct AccountsBody {
    /// The accounts.
    pub logistic_accounts: Vec<AccountBody>,
    /// The `cursor` for the next page; null at the end.
    pub cursor: Option<String>,
}
