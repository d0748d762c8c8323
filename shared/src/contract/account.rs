//! Reads the requested configuration of a logistic account.
//!
//! The aggregator's adapter declares the credentials, URLs and settings; they are checked here. Secrets are write-only:
//! null keeps the stored value, so that a response can be changed and sent back.

pub mod body;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::contract::account::body::AccountBody;
use crate::contract::configured::UrlRule;
use crate::contract::fields::Fields;
use crate::contract::partner_account::{credentials, settings, urls};
use crate::contract::values::{flag, one_of, parsed, secret, text, visible, whole_number};
use crate::domain::account::Region;
use crate::domain::account_request::{AccountRequest, WebhookKey};
use crate::domain::form::AccountForm;
use crate::domain::notification::NotificationType;
use crate::domain::partner_request::Texts;
use crate::domain::text::{AggregatorName, WarehouseCode};

/// The maximum number of warehouses with their own settings.
pub(crate) const MOST_WAREHOUSES: usize = 500;

/// The maximum number of status codes with a type of their own: they are in every instance that receives the account's pushes.
pub(crate) const MOST_MAPPINGS: usize = 100;
/// The maximum length of a status code, in characters: that of texts in pushes.
const LONGEST_CODE: usize = 500;

/// The data about an aggregator that is needed to read an account.
#[derive(Debug, Clone, Copy)]
pub struct Declared {
    /// The form of its accounts.
    pub form: &'static AccountForm,
    /// Whether its pushes can contain a key in a header.
    pub has_webhook_key: bool,
}

/// Rules that the contract does not know.
pub struct AccountRules<'a> {
    /// The declaration of an aggregator; the error lists the known aggregators.
    pub aggregator: &'a dyn Fn(&str) -> Result<Declared, String>,
    /// Whether a URL may be called.
    pub url: UrlRule<'a>,
}

/// Reads the body of a PUT request.
pub fn read(fields: &Fields<'_>, rules: &AccountRules<'_>) -> Option<AccountRequest> {
    let aggregator = fields.required("aggregator", |value| aggregator(value, rules));
    let region = fields.optional("region", region);
    let notifications_enabled = fields.optional("notificationsEnabled", flag);
    let default_courier = fields.optional("defaultCourierId", whole_number);
    let status_mappings = fields.entries("statusMappings", MOST_MAPPINGS, mapping);
    fields.knows(&AccountBody::ONLY_SHOWN);
    let (name, declared) = aggregator?;
    let form = declared.form;
    let credentials = credentials(fields, form.credentials);
    let urls = urls(fields, form.urls, rules.url);
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
        status_mappings: status_mappings?.map(|mappings| mappings.into_iter().collect()),
        default_courier: default_courier?,
        webhook_key: webhook_key?,
    })
}

fn aggregator(
    value: &Value,
    rules: &AccountRules<'_>,
) -> Result<(AggregatorName, Declared), String> {
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

/// A code as it is pushed, and the type that it gets. Whether the aggregator's table knows the code is not checked here.
fn mapping(code: &str, word: &Value) -> Result<NotificationType, String> {
    text(&Value::String(code.to_owned())).map_err(|detail| format!("its code {detail}"))?;
    if code.chars().count() > LONGEST_CODE {
        return Err(format!(
            "its code must have at most {LONGEST_CODE} characters"
        ));
    }
    one_of("a notification type in capitals, such as DELIVERED")(word)
}

fn warehouses(
    fields: &Fields<'_>,
    form: &'static AccountForm,
) -> Option<BTreeMap<WarehouseCode, Texts>> {
    let codes = fields.entries("warehouses", MOST_WAREHOUSES, |code, _| {
        visible::<WarehouseCode>(code).map_err(|detail| format!("its code {detail}"))
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
            return Err("is not supported: this aggregator sends no key in a header".to_owned());
        }
        secret(value).map(WebhookKey::Given)
    };
    if fields.has("webhookKey") {
        fields.required("webhookKey", read)
    } else {
        Some(WebhookKey::Kept)
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;
    use serde_json::json;

    use super::*;
    use crate::contract::configured::tests::{Wrong, https_alone, read_or_wrong};
    use crate::domain::form::{FormEntry, FormSetting, SettingKind};

    static FORM: AccountForm = AccountForm {
        credentials: &[
            FormEntry {
                name: "user",
                help: "who",
                is_needed: true,
                is_secret: false,
            },
            FormEntry {
                name: "domain",
                help: "where",
                is_needed: false,
                is_secret: false,
            },
        ],
        urls: &[FormEntry {
            name: "baseUrl",
            help: "elsewhere",
            is_needed: false,
            is_secret: false,
        }],
        settings: &[
            FormSetting {
                name: "depot",
                variant: None,
                help: "",
                per_warehouse: true,
                kind: SettingKind::Id,
            },
            FormSetting {
                name: "async",
                variant: None,
                help: "",
                per_warehouse: false,
                kind: SettingKind::Flag,
            },
        ],
        at_the_partner: &[],
    };

    const RULES: AccountRules<'static> = AccountRules {
        aggregator: &|name| match name {
            "ONE" | "MUTE" => Ok(Declared {
                form: &FORM,
                has_webhook_key: name == "ONE",
            }),
            _ => Err("must be ONE or MUTE".to_owned()),
        },
        url: &https_alone,
    };

    fn request(body: &Value) -> Result<AccountRequest, Wrong> {
        read_or_wrong(body, |fields| read(fields, &RULES))
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
            "statusMappings": { "S900": "TRANSIT", "a/b": "DELIVERED" },
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
        let mappings = request.status_mappings.unwrap();
        assert_eq!(mappings["S900"], NotificationType::Transit);
        assert_eq!(mappings["a/b"], NotificationType::Delivered);
        assert!(matches!(request.webhook_key, WebhookKey::Given(_)));
    }

    #[test]
    fn absent_values_are_kept_or_get_their_defaults() {
        let absent = request(&json!({ "aggregator": "ONE" })).unwrap();
        assert!(absent.credentials.is_none() && absent.notifications_enabled);
        assert!(absent.status_mappings.is_none());
        assert!(matches!(absent.webhook_key, WebhookKey::Kept));
        let removed = request(&json!({ "aggregator": "MUTE", "webhookKey": "" })).unwrap();
        assert!(matches!(removed.webhook_key, WebhookKey::Removed));
    }

    #[test]
    fn all_violations_are_reported_at_once() {
        let wrong = request(&json!({
            "aggregator": "MUTE",
            "region": "MOON",
            "notificationsEnabled": 1,
            "defaultCourierId": 1.5,
            "statusMappings": { "S1": "LOST_IT", "S2": null, " ": "TRANSIT", "a/b": 5, "S3": "IN_TRANSIT" },
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
                "/statusMappings/ ",
                "/statusMappings/S1",
                "/statusMappings/S2",
                "/statusMappings/S3",
                "/statusMappings/a~1b",
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
    fn credentials_of_another_form_are_incomplete() {
        let wrong = request(&json!({ "aggregator": "ONE", "credentials": {} })).unwrap_err();
        let expected = ("/credentials".to_owned(), "user is missing: who".to_owned());
        assert_eq!(wrong, [expected]);
        let wrong = request(&json!({ "aggregator": "TWO" })).unwrap_err();
        assert_eq!(wrong[0].1, "must be ONE or MUTE");
    }
}
