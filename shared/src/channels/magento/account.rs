//! The fields of a Magento account, and the way in which it authenticates.

pub(super) mod check;

use std::collections::BTreeSet;

use secrecy::ExposeSecret as _;

use crate::domain::account::ChannelAccount;
use crate::domain::draft::WrongField;
use crate::domain::form::{AccountForm, FormEntry, FormSetting, LIST_SEPARATOR, SettingKind};

/// The shop's address.
pub(super) const BASE_URL: &str = "baseUrl";
/// Where Adobe's cloud service issues tokens.
pub(super) const TOKEN_URL: &str = "tokenUrl";
const CONSUMER_KEY: &str = "consumerKey";
const CONSUMER_SECRET: &str = "consumerSecret";
pub(super) const ACCESS_TOKEN: &str = "accessToken";
const ACCESS_TOKEN_SECRET: &str = "accessTokenSecret";
const USERNAME: &str = "username";
const PASSWORD: &str = "password";
const CLIENT_ID: &str = "clientId";
const CLIENT_SECRET: &str = "clientSecret";
const ORGANIZATION_ID: &str = "organizationId";

const STORE_CODE: &str = "storeCode";
const SOURCE_CODE: &str = "sourceCode";
const ACKNOWLEDGED_STATUS: &str = "acknowledgedStatus";
const COD_METHODS: &str = "codMethods";
const POLL_ORDERS: &str = "pollOrders";
const BEARER: &str = "bearer";

const INTEGRATION: [&str; 4] = [
    CONSUMER_KEY,
    CONSUMER_SECRET,
    ACCESS_TOKEN,
    ACCESS_TOKEN_SECRET,
];
const ADMIN: [&str; 2] = [USERNAME, PASSWORD];
const CLOUD: [&str; 3] = [CLIENT_ID, CLIENT_SECRET, ORGANIZATION_ID];

/// The ways to authenticate, in the words of an operator.
const ALTERNATIVES: &str = "consumerKey, consumerSecret, accessToken and accessTokenSecret of an integration; or accessToken alone with the setting bearer; or username and password of an admin; or clientId, clientSecret and organizationId of Adobe's cloud service";

/// The fields of accounts.
pub(super) static FORM: AccountForm = AccountForm {
    credentials: &[
        credential(CONSUMER_KEY, "the integration's consumer key"),
        credential(CONSUMER_SECRET, "the integration's consumer secret"),
        credential(ACCESS_TOKEN, "the integration's access token"),
        credential(ACCESS_TOKEN_SECRET, "the integration's access token secret"),
        credential(
            USERNAME,
            "instead of an integration: an admin's user name. A shop with two-factor authentication issues no token for it",
        ),
        credential(PASSWORD, "the admin's password"),
        credential(
            CLIENT_ID,
            "instead of an integration, for Adobe Commerce as a Cloud Service: the client ID of the OAuth Server-to-Server credential",
        ),
        credential(CLIENT_SECRET, "the secret of the client ID"),
        credential(ORGANIZATION_ID, "the IMS organization ID"),
    ],
    urls: &[
        FormEntry {
            name: BASE_URL,
            help: "required: the shop's address without /rest, such as https://shop.example; for Adobe's cloud service the REST endpoint with the tenant ID, without /V1",
            is_needed: false,
            is_secret: false,
        },
        FormEntry {
            name: TOKEN_URL,
            help: "only for Adobe's cloud service, to get its tokens elsewhere than at https://ims-na1.adobelogin.com/ims/token/v3",
            is_needed: false,
            is_secret: false,
        },
    ],
    settings: &[
        setting(
            STORE_CODE,
            "the code of the store view; default if absent",
            SettingKind::Text,
        ),
        setting(
            SOURCE_CODE,
            "the inventory source that RMS ships from and whose stock it sets; needed if the shop has several",
            SettingKind::Text,
        ),
        setting(
            ACKNOWLEDGED_STATUS,
            "the status of an acknowledged order; processing if absent",
            SettingKind::Text,
        ),
        setting(
            COD_METHODS,
            "the codes of the payment methods that are cash on delivery; cashondelivery if absent",
            SettingKind::List,
        ),
        setting(
            POLL_ORDERS,
            "every minute RMS reads which orders changed since this was switched on, and sends each change as CHANNEL_ORDER; false if absent",
            SettingKind::Flag,
        ),
        setting(
            BEARER,
            "true if the shop accepts an integration's access token as a Bearer token: then accessToken is enough",
            SettingKind::Flag,
        ),
    ],
    at_the_partner: &[
        "In the shop's admin under System, Extensions, Integrations: add an integration with the API resources that docs/channels/magento.md lists, activate it, and enter its four values here.",
        "Use a store code and an order status that exist: the shop accepts a comment with any status, so a wrong one is noticed only when it is read back.",
    ],
};

const fn credential(name: &'static str, help: &'static str) -> FormEntry {
    FormEntry {
        name,
        help,
        is_needed: false,
        is_secret: true,
    }
}

const fn setting(name: &'static str, help: &'static str, kind: SettingKind) -> FormSetting {
    FormSetting {
        name,
        variant: None,
        help,
        per_warehouse: false,
        kind,
    }
}

/// How an account authenticates.
#[derive(Clone, Copy)]
pub(super) enum Way<'a> {
    /// OAuth 1.0a: every request is signed.
    Signed(Integration<'a>),
    /// The integration's access token is enough.
    Bearer(&'a str),
    /// A token that is issued for an admin.
    Admin {
        username: &'a str,
        password: &'a str,
    },
    /// A token of Adobe's cloud service.
    Cloud(Cloud<'a>),
}

/// The four credentials of an integration.
#[derive(Clone, Copy)]
pub(super) struct Integration<'a> {
    pub(super) consumer_key: &'a str,
    pub(super) consumer_secret: &'a str,
    pub(super) access_token: &'a str,
    pub(super) access_token_secret: &'a str,
}

/// The credentials for Adobe's cloud service.
#[derive(Clone, Copy)]
pub(super) struct Cloud<'a> {
    pub(super) client_id: &'a str,
    pub(super) client_secret: &'a str,
    pub(super) organization_id: &'a str,
}

/// The way of an account; `None` if its credentials are not exactly one of them.
pub(super) fn way(account: &ChannelAccount) -> Option<Way<'_>> {
    let of = |name| Some(account.credentials.get(name)?.expose_secret());
    if !wrong_credentials(account).is_empty() {
        return None;
    }
    if is_bearer(account) {
        return Some(Way::Bearer(of(ACCESS_TOKEN)?));
    }
    if let Some(username) = of(USERNAME) {
        let password = of(PASSWORD)?;
        return Some(Way::Admin { username, password });
    }
    if let Some(client_id) = of(CLIENT_ID) {
        return Some(Way::Cloud(Cloud {
            client_id,
            client_secret: of(CLIENT_SECRET)?,
            organization_id: of(ORGANIZATION_ID)?,
        }));
    }
    Some(Way::Signed(Integration {
        consumer_key: of(CONSUMER_KEY)?,
        consumer_secret: of(CONSUMER_SECRET)?,
        access_token: of(ACCESS_TOKEN)?,
        access_token_secret: of(ACCESS_TOKEN_SECRET)?,
    }))
}

fn is_bearer(account: &ChannelAccount) -> bool {
    flag(account, BEARER)
}

/// Whether RMS looks for changed orders by itself.
pub(super) fn polls_orders(account: &ChannelAccount) -> bool {
    flag(account, POLL_ORDERS)
}

/// The code of the store view in the path, or in the header of Adobe's cloud service.
pub(super) fn store_code(account: &ChannelAccount) -> &str {
    text(account, STORE_CODE).unwrap_or("default")
}

/// The status of an acknowledged order.
pub(super) fn acknowledged_status(account: &ChannelAccount) -> &str {
    let status = text(account, ACKNOWLEDGED_STATUS);
    let status = status.filter(|status| !status.is_empty());
    status.unwrap_or("processing")
}

/// The inventory source that RMS ships from.
pub(super) fn source_code(account: &ChannelAccount) -> Option<&str> {
    text(account, SOURCE_CODE).filter(|source| !source.is_empty())
}

/// The source whose stock is set: a shop without several has this one.
pub(super) fn stock_source(account: &ChannelAccount) -> &str {
    source_code(account).unwrap_or("default")
}

/// Whether cash on delivery is paid with this method.
pub(super) fn is_cod(account: &ChannelAccount, method: &str) -> bool {
    let methods = account.setting(COD_METHODS).unwrap_or("cashondelivery");
    let mut methods = methods.split(LIST_SEPARATOR);
    methods.any(|cod| cod.trim() == method)
}

fn text<'a>(account: &'a ChannelAccount, name: &str) -> Option<&'a str> {
    account.setting(name).map(str::trim)
}

fn flag(account: &ChannelAccount, name: &str) -> bool {
    text(account, name) == Some("true")
}

/// What an account lacks, or has too much of.
pub(super) fn wrong_fields(account: &ChannelAccount) -> Vec<WrongField> {
    let mut wrong = wrong_credentials(account);
    if !account.urls.contains_key(BASE_URL) {
        let detail = "is missing: the shop's address, such as https://shop.example";
        wrong.push(of_field("urls/baseUrl", detail));
    }
    if !store_code(account).bytes().all(is_code) {
        let detail = "must be the code of a store view: A-Z, a-z, 0-9 and _";
        wrong.push(of_field("settings/storeCode", detail));
    }
    wrong
}

fn is_code(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn wrong_credentials(account: &ChannelAccount) -> Vec<WrongField> {
    let given: BTreeSet<&str> = account.credentials.keys().map(String::as_str).collect();
    let of_way = |names: &[&str]| names.iter().any(|name| given.contains(name));
    let ways = [&INTEGRATION[..], &ADMIN[..], &CLOUD[..]];
    let mut begun = ways.into_iter().filter(|names| of_way(names));
    let (Some(names), None) = (begun.next(), begun.next()) else {
        let are = if given.is_empty() {
            "are missing"
        } else {
            "are those of several ways to authenticate"
        };
        let detail = format!("{are}: enter one of: {ALTERNATIVES}");
        return vec![of_field("credentials", detail)];
    };
    if !is_bearer(account) {
        return missing(names, &given);
    }
    if names.contains(&ACCESS_TOKEN) {
        return missing(&[ACCESS_TOKEN], &given);
    }
    let detail =
        "is only for the access token of an integration, but the account has other credentials";
    vec![of_field("settings/bearer", detail)]
}

fn missing(names: &[&str], given: &BTreeSet<&str>) -> Vec<WrongField> {
    let together = names.join(", ");
    let missing = names.iter().filter(|name| !given.contains(**name));
    missing
        .map(|name| {
            let field = format!("credentials/{name}");
            let detail = format!("is missing: these belong together: {together}");
            of_field(field, detail)
        })
        .collect()
}

fn of_field(field: impl Into<String>, detail: impl Into<String>) -> WrongField {
    WrongField {
        field: field.into(),
        detail: detail.into(),
    }
}
