//! Logistic accounts as a client writes and sees them.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::account::Region;
use crate::domain::form::AccountProblem;

/// What an account is to be. PUT replaces all of it but for secrets that are not given.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = LogisticAccountConfiguration)]
pub struct AccountRequestBody {
    /// `RMS_MAGIC`, `CLICKPOST`, `SHIPROCKET` or `SHIPWAY`. Fixed when the account is made.
    #[schema(example = "SHIPROCKET")]
    pub aggregator: String,
    /// `DOMESTIC` if absent, or `INTERNATIONAL`.
    pub region: Option<Region>,
    /// `CLICKPOST` `{username, key}`, `SHIPROCKET` `{email, password}`, `SHIPWAY` `{email, licenseKey}`, `RMS_MAGIC`
    /// `{authDomainName?, authUsername, authPassword}`. Null for a value keeps the one that is stored; without
    /// `credentials` all are kept.
    #[schema(example = json!({ "email": "api@brand.example", "password": "…" }))]
    pub credentials: Option<BTreeMap<String, Option<String>>>,
    /// `RMS_MAGIC`: `generateShippingLabel`, `getShippingLabel`, `generateReturnAwb`, `getReturnAwb`, `getCouriers`;
    /// others: `baseUrl`, only to call another host than the aggregator's own.
    pub urls: Option<BTreeMap<String, String>>,
    /// What the aggregator needs beside a label request, by the names in the documentation of configuration.
    pub settings: Option<BTreeMap<String, String>>,
    /// Settings that a warehouse has of its own, by its code.
    pub warehouses: Option<BTreeMap<String, BTreeMap<String, String>>>,
    /// Whether pushes are forwarded; true if absent.
    pub notifications_enabled: Option<bool>,
    /// The courier for requests that name none: a whole number.
    pub default_courier_id: Option<i64>,
    /// The key that the aggregator sends in a header with its pushes. Absent keeps the stored one, an empty text removes
    /// it.
    pub webhook_key: Option<String>,
}

/// An account as its client sees it: a PUT of the same is no change.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = LogisticAccount)]
pub struct AccountBody {
    /// Its name within the client.
    pub alias: String,
    /// The aggregator.
    pub aggregator: String,
    /// Where it ships.
    pub region: Region,
    /// The names of the credentials that are stored, each with null instead of its value.
    pub credentials: BTreeMap<String, Option<String>>,
    /// Where the aggregator is called.
    pub urls: BTreeMap<String, String>,
    /// Its settings.
    pub settings: BTreeMap<String, String>,
    /// Settings that differ for a warehouse.
    pub warehouses: BTreeMap<String, BTreeMap<String, String>>,
    /// Whether pushes are forwarded.
    pub notifications_enabled: bool,
    /// The courier for requests that name none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_courier_id: Option<i64>,
    /// Whether there is a webhook key.
    pub has_webhook_key: bool,
    /// Where the aggregator pushes. One that ends in a token is a secret, and absent from lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "https://api.example/notifications/4f0c…")]
    pub push_url: Option<String>,
    /// With `RMS_MAGIC`: what its pushes prove.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub push_credential: Option<PushCredentialBody>,
    /// What to enter at the aggregator, and where.
    pub at_the_aggregator: Vec<String>,
}

/// What the pushes of an account prove.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PushCredential)]
pub struct PushCredentialBody {
    /// Sent as the header of this name.
    pub auth_username: String,
    /// Likewise; only in the answer that made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth_password: Option<String>,
}

/// A page of accounts, in the order of their aliases.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = LogisticAccounts)]
pub struct AccountsBody {
    /// The accounts.
    pub logistic_accounts: Vec<AccountBody>,
    /// Give it as `cursor` for the next page; null at the end.
    pub cursor: Option<String>,
}

/// What a try of an account found.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CheckedAccount)]
pub struct CheckedBody {
    /// Whether nothing is wrong.
    pub ok: bool,
    /// What is.
    pub problems: Vec<AccountProblemBody>,
}

/// One thing that is wrong with an account.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AccountProblem)]
pub struct AccountProblemBody {
    /// Where in the account, if it is one place.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "settings.pickupLocation")]
    pub field: Option<String>,
    /// What is wrong, and what to do.
    pub detail: String,
}

impl From<AccountProblem> for AccountProblemBody {
    fn from(problem: AccountProblem) -> Self {
        Self {
            field: problem.field,
            detail: problem.detail,
        }
    }
}
