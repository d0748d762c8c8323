//! Logistic accounts as a client configures and sees them.
//!
//! Which credentials, URLs and settings there are is declared by the aggregator's adapter; what is declared is checked
//! here. What is secret is written and never read back: a null in its place keeps what is stored, so that an answer may
//! be changed and sent again.

use std::collections::BTreeMap;

use secrecy::SecretString;
use serde::Serialize;
use serde_json::Value;
use url::Url;
use utoipa::ToSchema;

use crate::contract::fields::{Fields, LONGEST_TEXT, flag, parsed, secret, web_url, whole_number};
use crate::domain::account::Region;
use crate::domain::form::{AccountProblem, Entry, Form};
use crate::domain::text::{AggregatorName, CourierId, WarehouseCode};

/// The most settings of an account, or of a warehouse.
const MOST_SETTINGS: usize = 200;
/// The most warehouses with settings of their own.
const MOST_WAREHOUSES: usize = 500;

/// Values by their names.
type Texts = BTreeMap<String, String>;

/// What an account is to be.
#[derive(Debug)]
pub struct AccountRequest {
    /// The adapter that speaks to the aggregator.
    pub aggregator: AggregatorName,
    /// Where it ships.
    pub region: Region,
    /// By their names, `None` for the value that is stored. Absent: all stay as they are.
    pub credentials: Option<BTreeMap<String, Option<SecretString>>>,
    /// By their names.
    pub urls: BTreeMap<String, Url>,
    /// By their names.
    pub settings: Texts,
    /// Settings that differ for a warehouse.
    pub warehouses: BTreeMap<WarehouseCode, Texts>,
    /// Whether pushes are forwarded.
    pub notifications_enabled: bool,
    /// The courier for requests that name none.
    pub default_courier: Option<CourierId>,
    /// The key that its pushes carry.
    pub webhook_key: WebhookKey,
}

/// What becomes of an account's webhook key.
#[derive(Debug)]
pub enum WebhookKey {
    /// It stays as it is.
    Kept,
    /// There is none any more.
    Removed,
    /// It is this one.
    Given(SecretString),
}

/// An aggregator as the reader of an account needs it.
#[derive(Debug, Clone, Copy)]
pub struct Declared {
    /// What its accounts have.
    pub form: &'static Form,
    /// Whether its pushes can carry a key in a header.
    pub has_webhook_key: bool,
}

/// What the contract does not know.
pub struct Rules<'a> {
    /// What an aggregator declares; if there is none of that name, which there are.
    pub aggregator: &'a dyn Fn(&str) -> Result<Declared, String>,
    /// Whether a URL may be called.
    pub url: &'a dyn Fn(&Url) -> Result<(), String>,
}

/// Reads the body of a PUT.
pub fn read(fields: &Fields<'_>, rules: &Rules<'_>) -> Option<AccountRequest> {
    let aggregator = fields.required("aggregator", |value| aggregator(value, rules));
    let region = fields.optional("region", region);
    let notifications_enabled = fields.optional("notificationsEnabled", flag);
    let default_courier = fields.optional("defaultCourierId", whole_number);
    let (name, declared) = aggregator?;
    let form = declared.form;
    let credentials = credentials(fields, form.credentials);
    let urls = urls(fields, form.urls, rules);
    let settings = settings(fields, "settings", form, false);
    let warehouses = warehouses(fields, form);
    let webhook_key = webhook_key(fields, declared);
    Some(AccountRequest {
        aggregator: name,
        region: region?.unwrap_or_default(),
        credentials: credentials?,
        urls: urls?,
        settings: settings?,
        warehouses: warehouses?,
        notifications_enabled: notifications_enabled?.unwrap_or(true),
        default_courier: default_courier?,
        webhook_key: webhook_key?,
    })
}

fn aggregator(value: &Value, rules: &Rules<'_>) -> Result<(AggregatorName, Declared), String> {
    let name: AggregatorName = parsed(value)?;
    let declared = (rules.aggregator)(name.as_str())?;
    Ok((name, declared))
}

fn region(value: &Value) -> Result<Region, String> {
    match value.as_str() {
        Some("DOMESTIC") => Ok(Region::Domestic),
        Some("INTERNATIONAL") => Ok(Region::International),
        Some(_) | None => Err("must be DOMESTIC or INTERNATIONAL".to_owned()),
    }
}

type Credentials = BTreeMap<String, Option<SecretString>>;

#[expect(clippy::option_option, reason = "as `Fields::optional`")]
fn credentials(fields: &Fields<'_>, entries: &'static [Entry]) -> Option<Option<Credentials>> {
    let given = fields.entries("credentials", MOST_SETTINGS, |name, value| {
        find(entries, name)?;
        if value.is_null() {
            Ok(None)
        } else {
            secret(value).map(Some)
        }
    })?;
    let Some(given) = given else {
        return Some(None);
    };
    let given: Credentials = given.into_iter().collect();
    let missing = entries
        .iter()
        .filter(|entry| entry.is_needed && !given.contains_key(entry.name));
    let mut is_complete = true;
    for entry in missing {
        is_complete = false;
        fields.wrong_field("credentials", &missing_entry(entry));
    }
    is_complete.then_some(Some(given))
}

/// What is said of an entry that every account has.
pub fn missing_entry(entry: &Entry) -> String {
    format!("{} is missing: {}", entry.name, entry.help)
}

fn find(entries: &'static [Entry], name: &str) -> Result<(), String> {
    if entries.iter().any(|entry| entry.name == name) {
        return Ok(());
    }
    let names: Vec<_> = entries.iter().map(|entry| entry.name).collect();
    Err(format!("is not known there; what is: {}", names.join(", ")))
}

fn urls(
    fields: &Fields<'_>,
    entries: &'static [Entry],
    rules: &Rules<'_>,
) -> Option<BTreeMap<String, Url>> {
    let given = fields.entries("urls", MOST_SETTINGS, |name, value| {
        find(entries, name)?;
        let url = web_url(value)?;
        (rules.url)(&url)?;
        Ok(url)
    })?;
    Some(given.unwrap_or_default().into_iter().collect())
}

fn settings(
    fields: &Fields<'_>,
    field: &str,
    form: &'static Form,
    of_a_warehouse: bool,
) -> Option<Texts> {
    let given = fields.entries(field, MOST_SETTINGS, |name, value| {
        let setting = form.setting(name).ok_or_else(|| {
            let names = form.setting_names();
            format!("is not known there; what is: {names}")
        })?;
        if of_a_warehouse && !setting.per_warehouse {
            return Err("is the account's alone, not a warehouse's".to_owned());
        }
        let value = setting_value(value)?;
        setting.kind.check(value.trim())?;
        Ok(value)
    })?;
    Some(given.unwrap_or_default().into_iter().collect())
}

/// A setting is a text, and may be given as what it says.
fn setting_value(value: &Value) -> Result<String, String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => {
            return Err("must be a text".to_owned());
        }
    };
    match text.trim().chars().count() {
        0 => Err("must not be blank".to_owned()),
        length if length > LONGEST_TEXT => {
            Err(format!("must have at most {LONGEST_TEXT} characters"))
        }
        _ if text.chars().any(char::is_control) => {
            Err("must have no control characters".to_owned())
        }
        _ => Ok(text),
    }
}

fn warehouses(fields: &Fields<'_>, form: &'static Form) -> Option<BTreeMap<WarehouseCode, Texts>> {
    let codes = fields.entries("warehouses", MOST_WAREHOUSES, |code, _| {
        code.parse::<WarehouseCode>()
            .map_err(|error| format!("its code {error}"))
    })?;
    let Some(codes) = codes else {
        return Some(BTreeMap::new());
    };
    fields.object("warehouses", |warehouses| {
        let of_each: Vec<_> = codes
            .into_iter()
            .map(|(name, code)| Some((code, settings(warehouses, &name, form, true)?)))
            .collect();
        of_each.into_iter().collect::<Option<_>>()
    })
}

fn webhook_key(fields: &Fields<'_>, declared: Declared) -> Option<WebhookKey> {
    let read = |value: &Value| {
        if value.as_str() == Some("") {
            return Ok(WebhookKey::Removed);
        }
        if !declared.has_webhook_key {
            return Err("is not there: this aggregator sends no key in a header".to_owned());
        }
        secret(value).map(WebhookKey::Given)
    };
    if fields.has("webhookKey") {
        fields.required("webhookKey", read)
    } else {
        Some(WebhookKey::Kept)
    }
}

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

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;
    use serde_json::json;

    use super::*;
    use crate::contract::fields::{Unreadable, read_value};
    use crate::domain::form::{Kind, Setting};

    static FORM: Form = Form {
        credentials: &[
            Entry {
                name: "user",
                help: "who",
                is_needed: true,
            },
            Entry {
                name: "domain",
                help: "where",
                is_needed: false,
            },
        ],
        urls: &[Entry {
            name: "baseUrl",
            help: "elsewhere",
            is_needed: false,
        }],
        settings: &[
            Setting {
                name: "depot",
                variant: None,
                help: "",
                per_warehouse: true,
                kind: Kind::Id,
            },
            Setting {
                name: "async",
                variant: None,
                help: "",
                per_warehouse: false,
                kind: Kind::Flag,
            },
        ],
        at_the_partner: &[],
    };

    const RULES: Rules<'static> = Rules {
        aggregator: &|name| match name {
            "ONE" | "MUTE" => Ok(Declared {
                form: &FORM,
                has_webhook_key: name == "ONE",
            }),
            _ => Err("must be ONE or MUTE".to_owned()),
        },
        url: &|url| {
            let is_https = url.scheme() == "https";
            is_https.then_some(()).ok_or_else(|| "not https".to_owned())
        },
    };

    fn request(body: &Value) -> Result<AccountRequest, Vec<(String, String)>> {
        read_value(body, |fields| read(fields, &RULES)).map_err(|error| {
            let Unreadable::Invalid(violations) = error else {
                panic!("{error}")
            };
            let pair = |wrong: crate::contract::fields::Violation| (wrong.pointer, wrong.detail);
            violations.into_iter().map(pair).collect()
        })
    }

    #[test]
    fn a_whole_account_is_read() {
        let request = request(&json!({
            "aggregator": "ONE",
            "region": "INTERNATIONAL",
            "credentials": { "user": "a", "domain": null },
            "urls": { "baseUrl": "https://a.example/api" },
            "settings": { "depot": 6201, "async": true },
            "warehouses": { "wh/1": { "depot": "6202" }, "wh-2": {} },
            "notificationsEnabled": false,
            "defaultCourierId": 7,
            "webhookKey": "k",
            "unknown": "is ignored",
        }))
        .unwrap();
        assert_eq!(request.region, Region::International);
        let credentials = request.credentials.unwrap();
        assert_eq!(credentials["user"].as_ref().unwrap().expose_secret(), "a");
        assert!(credentials["domain"].is_none());
        assert_eq!(request.settings["depot"], "6201");
        assert_eq!(request.settings["async"], "true");
        let depot = &request.warehouses[&"wh/1".parse().unwrap()]["depot"];
        assert_eq!((request.warehouses.len(), depot.as_str()), (2, "6202"));
        assert_eq!(request.default_courier.unwrap().as_str(), "7");
        assert!(!request.notifications_enabled);
        assert!(matches!(request.webhook_key, WebhookKey::Given(_)));
    }

    #[test]
    fn what_is_absent_is_kept_or_as_usual() {
        let absent = request(&json!({ "aggregator": "ONE" })).unwrap();
        assert!(absent.credentials.is_none() && absent.notifications_enabled);
        assert!(matches!(absent.webhook_key, WebhookKey::Kept));
        let removed = request(&json!({ "aggregator": "MUTE", "webhookKey": "" })).unwrap();
        assert!(matches!(removed.webhook_key, WebhookKey::Removed));
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let wrong = request(&json!({
            "aggregator": "MUTE",
            "region": "MOON",
            "notificationsEnabled": 1,
            "defaultCourierId": 1.5,
            "credentials": { "password": "secret-one", "domain": "secret\ntwo" },
            "urls": { "baseUrl": "http://a.example/", "other": "https://a.example/" },
            "settings": { "depot": "x", "channel": "1", "async": null },
            "warehouses": { "wh": { "async": "true" }, " ": {}, "w2": 5 },
            "webhookKey": "secret-three",
        }))
        .unwrap_err();
        assert!(!format!("{wrong:?}").contains("secret"), "{wrong:?}");
        let pointers: Vec<_> = wrong.iter().map(|(pointer, _)| pointer.as_str()).collect();
        assert_eq!(
            pointers,
            [
                "/region",
                "/notificationsEnabled",
                "/defaultCourierId",
                "/credentials/domain",
                "/credentials/password",
                "/urls/baseUrl",
                "/urls/other",
                "/settings/async",
                "/settings/channel",
                "/settings/depot",
                "/warehouses/ ",
                "/webhookKey",
            ]
        );
    }

    #[test]
    fn credentials_of_another_shape_lack_their_own() {
        let wrong = request(&json!({ "aggregator": "ONE", "credentials": {} })).unwrap_err();
        let expected = ("/credentials".to_owned(), "user is missing: who".to_owned());
        assert_eq!(wrong, [expected]);
        let wrong = request(&json!({ "aggregator": "TWO" })).unwrap_err();
        assert_eq!(wrong[0].1, "must be ONE or MUTE");
    }
}
