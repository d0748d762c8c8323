//! Webhook endpoints as a client configures and sees them.
//!
//! What is secret is written and never read back: a null in its place keeps what is stored, so that an answer may be
//! changed and sent again.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde_json::Value;
use url::Url;
use utoipa::ToSchema;

use crate::contract::fields::{Fields, flag, one_of, parsed, secret, web_url, whole_number};
use crate::contract::messages::KINDS;
use crate::domain::endpoint::{EndpointMethod, Filter, GiveUpAfter};
use crate::domain::message::{DEFAULT_KINDS, MessageKind};
use crate::domain::notification::NotificationType;
use crate::domain::shipment::ShipmentType;
use crate::domain::signing::SignatureScheme;

/// The most headers of an endpoint.
const MOST_HEADERS: usize = 20;
/// The most lanes of an endpoint: so many attempts may be under way at once.
pub const MOST_LANES: u16 = 256;
/// The header of Basic credentials.
const AUTHORIZATION: &str = "authorization";

/// What an endpoint is to be.
#[derive(Debug)]
pub struct EndpointRequest {
    /// Where to send to.
    pub url: Url,
    /// How.
    pub method: EndpointMethod,
    /// Headers by their names in lower case, `None` for the value that is stored. Absent: all stay as they are.
    pub headers: Option<BTreeMap<String, Option<SecretString>>>,
    /// The value of the header `authorization` that Basic credentials make.
    pub basic: Option<SecretString>,
    /// The kinds of messages that are wanted.
    pub messages: Vec<MessageKind>,
    /// What is wanted of them.
    pub filter: Filter,
    /// Whether anything is sent. Absent: a new one is on, another stays as it is.
    pub enabled: Option<bool>,
    /// Of a new one; of another what it has.
    pub lanes: Option<u16>,
    /// How old a message gets before it is given up.
    pub give_up_after: GiveUpAfter,
    /// How it is signed. Absent: as it was.
    pub signature_scheme: Option<SignatureScheme>,
}

/// The rules of the way out, which the contract does not know.
pub struct Rules<'a> {
    /// Whether a URL may be called.
    pub url: &'a dyn Fn(&Url) -> Result<(), String>,
    /// Whether a header of this name may be configured.
    pub header: &'a dyn Fn(&str) -> Result<(), String>,
}

/// Reads the body of a PUT.
pub fn read(fields: &Fields<'_>, rules: &Rules<'_>) -> Option<EndpointRequest> {
    let url = fields.required("url", |value| allowed_url(value, rules));
    let headers = headers(fields, rules);
    let basic = fields.optional_object("basic", basic);
    let method = fields.optional("method", one_of("POST or PUT"));
    let messages = messages(fields);
    let filter = filter(fields);
    let enabled = fields.optional("enabled", flag);
    let lanes = fields.optional("lanes", lanes);
    let give_up_after = fields.optional("giveUpAfter", give_up_after);
    let signature_scheme = fields.optional("signatureScheme", one_of("v1 or v1a"));
    let (headers, basic) = (headers?, basic?);
    let has_both = basic.is_some()
        && headers
            .as_ref()
            .is_some_and(|headers| headers.contains_key(AUTHORIZATION));
    if has_both {
        fields.wrong_field(
            "basic",
            "stands for the header authorization: give one of them",
        );
    }
    Some(EndpointRequest {
        url: url?,
        method: method?.unwrap_or_default(),
        headers,
        basic,
        messages: messages?,
        filter: filter?,
        enabled: enabled?,
        lanes: lanes?,
        give_up_after: give_up_after?.unwrap_or_default(),
        signature_scheme: signature_scheme?,
    })
}

fn allowed_url(value: &Value, rules: &Rules<'_>) -> Result<Url, String> {
    let url = web_url(value)?;
    (rules.url)(&url)?;
    Ok(url)
}

type Headers = BTreeMap<String, Option<SecretString>>;

#[expect(clippy::option_option, reason = "as `Fields::optional`")]
fn headers(fields: &Fields<'_>, rules: &Rules<'_>) -> Option<Option<Headers>> {
    let entries = fields.entries("headers", MOST_HEADERS, |name, value| {
        (rules.header)(name)?;
        if value.is_null() {
            Ok(None)
        } else {
            header_value(value).map(Some)
        }
    })?;
    let Some(entries) = entries else {
        return Some(None);
    };
    let count = entries.len();
    let lower = |(name, value): (String, _)| (name.to_ascii_lowercase(), value);
    let headers: Headers = entries.into_iter().map(lower).collect();
    if headers.len() < count {
        fields.wrong_field(
            "headers",
            "has a name twice: case does not tell headers apart",
        );
    }
    Some(Some(headers))
}

fn header_value(value: &Value) -> Result<SecretString, String> {
    let value = secret(value)?;
    let text = value.expose_secret();
    if !text.is_ascii() {
        return Err("must be ASCII".to_owned());
    }
    if text.trim().len() != text.len() {
        return Err("must have no blanks at its ends".to_owned());
    }
    Ok(value)
}

fn basic(fields: &Fields<'_>) -> Option<SecretString> {
    let username = fields.required("username", |value| {
        let name = secret(value)?;
        if name.expose_secret().contains(':') {
            return Err("must have no colon: it would end there".to_owned());
        }
        Ok(name)
    });
    let password = fields.required("password", secret);
    let (username, password) = (username?, password?);
    let pair = format!("{}:{}", username.expose_secret(), password.expose_secret());
    Some(format!("Basic {}", STANDARD.encode(pair)).into())
}

/// The kinds that are wanted, each once; the default if they are not named.
fn messages(fields: &Fields<'_>) -> Option<Vec<MessageKind>> {
    let Some(named) = wanted(fields, "messages", one_of(KINDS))? else {
        return Some(DEFAULT_KINDS.to_vec());
    };
    let mut kinds = Vec::with_capacity(named.len());
    for kind in named {
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    Some(kinds)
}

fn filter(fields: &Fields<'_>) -> Option<Filter> {
    let types = one_of("a notification type in capitals, such as DELIVERED");
    let notification_types = wanted(fields, "notificationTypes", types);
    let shipment_types = wanted(fields, "shipmentTypes", one_of("FORWARD or RETURN"));
    let account_aliases = wanted(fields, "logisticAccountAliases", parsed);
    let warehouse_codes = wanted(fields, "warehouseCodes", parsed);
    Some(Filter {
        notification_types: notification_types?,
        shipment_types: shipment_types?,
        account_aliases: account_aliases?,
        warehouse_codes: warehouse_codes?,
    })
}

/// A list that may be absent, which wants everything; an empty one would want nothing.
#[expect(clippy::option_option, reason = "as `Fields::optional`")]
fn wanted<T>(
    fields: &Fields<'_>,
    name: &str,
    parse: impl Fn(&Value) -> Result<T, String>,
) -> Option<Option<Vec<T>>> {
    if !fields.has(name) {
        return Some(None);
    }
    let list = fields.values(name, parse)?;
    if list.is_empty() {
        fields.wrong_field(name, "must not be empty: leave it out for the default");
        return None;
    }
    Some(Some(list))
}

fn lanes(value: &Value) -> Result<u16, String> {
    whole_number::<u16>(value)
        .ok()
        .filter(|lanes| (1..=MOST_LANES).contains(lanes))
        .ok_or_else(|| format!("must be a whole number from 1 to {MOST_LANES}"))
}

fn give_up_after(value: &Value) -> Result<GiveUpAfter, String> {
    let seconds: u64 =
        whole_number(value).map_err(|_| "must be a whole number of seconds".to_owned())?;
    GiveUpAfter::try_from(seconds).map_err(|error| error.to_string())
}

/// What an endpoint is to be. PUT replaces all of it but for secrets and what says that it stays.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = WebhookEndpointConfiguration)]
pub struct EndpointRequestBody {
    /// Where to send to: https, without a user name in it, a public address. A name must resolve when it is saved.
    #[schema(example = "https://oms.brand.example/webhooks/rms")]
    pub url: String,
    /// `POST` (if absent) or `PUT`.
    pub method: Option<EndpointMethod>,
    /// The kinds of messages that are wanted, at least one; `["NOTIFICATION", "INVOICE"]` if absent.
    pub messages: Option<Vec<MessageKind>>,
    /// Sent along with every delivery. Null for a value keeps the one that is stored; without `headers` all are kept.
    pub headers: Option<BTreeMap<String, Option<String>>>,
    /// Sent along as Basic authorization; kept as the header `authorization`.
    pub basic: Option<BasicBody>,
    /// Only notifications of these types; absent: all.
    pub notification_types: Option<Vec<NotificationType>>,
    /// Only notifications of forward shipments or of returns: `FORWARD` or `RETURN`; absent: both.
    pub shipment_types: Option<Vec<ShipmentType>>,
    /// Only notifications and logistics statuses of these accounts; absent: all.
    pub logistic_account_aliases: Option<Vec<String>>,
    /// Only messages with one of these warehouses, of those kinds that have a warehouse; absent: all.
    pub warehouse_codes: Option<Vec<String>>,
    /// Whether anything is sent. Absent: a new endpoint is on, another stays as it is.
    pub enabled: Option<bool>,
    /// How many deliveries may be under way at once, from 1 to 256; 32 if absent. Fixed when the endpoint is made.
    pub lanes: Option<u16>,
    /// In seconds: the age at which a delivery is given up, from 3600 to 1123200; 273600 (76 hours) if absent.
    pub give_up_after: Option<u64>,
    /// `v1` (HMAC-SHA256 by a shared secret; if absent) or `v1a` (ed25519). To change it replaces the secret.
    #[schema(example = "v1")]
    pub signature_scheme: Option<String>,
}

/// Basic credentials.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BasicCredentials)]
pub struct BasicBody {
    /// Without a colon.
    pub username: String,
    /// The password.
    pub password: String,
}

/// An endpoint as its client sees it: a PUT of the same is no change.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = WebhookEndpoint)]
pub struct EndpointBody {
    /// Its name within the client.
    pub id: String,
    /// Where to send to.
    pub url: String,
    /// How.
    pub method: EndpointMethod,
    /// Wanted kinds of messages.
    pub messages: Vec<MessageKind>,
    /// The names of the headers that are sent along, each with null instead of its value.
    pub headers: BTreeMap<String, Option<String>>,
    /// Wanted types; absent: all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notification_types: Option<Vec<NotificationType>>,
    /// Wanted kinds of shipments; absent: both.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shipment_types: Option<Vec<ShipmentType>>,
    /// Wanted accounts; absent: all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logistic_account_aliases: Option<Vec<String>>,
    /// Wanted warehouses; absent: all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warehouse_codes: Option<Vec<String>>,
    /// Whether anything is sent.
    pub enabled: bool,
    /// How many deliveries may be under way at once.
    pub lanes: u16,
    /// In seconds: the age at which a delivery is given up.
    pub give_up_after: u64,
    /// How deliveries are signed.
    #[schema(value_type = String, example = "v1")]
    pub signature_scheme: SignatureScheme,
    /// With `v1a`: the `whpk_…` that verifies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_key: Option<String>,
    /// Whether it takes what it is sent.
    pub health: HealthBody,
    /// How deliveries are repeated.
    pub schedule: ScheduleBody,
    /// The secret that signs, `whsec_…`; only in the answer that made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signing_secret: Option<String>,
}

/// Whether an endpoint takes what it is sent.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EndpointHealth)]
pub struct HealthBody {
    /// `ACTIVE`, `SUSPENDED`, `DRAINING` or `DISABLED`.
    #[schema(example = "ACTIVE")]
    pub state: String,
    /// Since when, where that is known.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub since: Option<Timestamp>,
    /// Why, unless it is active or its client switched it off.
    #[schema(example = json!(null))]
    pub reason: Option<String>,
}

/// How deliveries are repeated. All times are in seconds.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RetrySchedule)]
pub struct ScheduleBody {
    /// The waits after the first failed attempts; the last one is repeated.
    #[schema(example = json!([5, 15, 30, 60, 120, 300]))]
    pub waits: Vec<u64>,
    /// The share by which each wait is lengthened or shortened at random.
    #[schema(example = 0.2)]
    pub jitter: f64,
    /// The longest `Retry-After` that is honoured.
    #[schema(example = 900)]
    pub longest_retry_after: u64,
    /// How often a delivery is offered that the endpoint refuses while it takes others.
    #[schema(example = 8)]
    pub most_refusals: u32,
    /// The age at which a delivery is given up.
    #[schema(example = 273_600)]
    pub give_up_after: u64,
}

/// A page of endpoints, in the order of their ids.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = WebhookEndpoints)]
pub struct EndpointsBody {
    /// The endpoints.
    pub webhook_endpoints: Vec<EndpointBody>,
    /// Give it as `cursor` for the next page; null at the end.
    pub cursor: Option<String>,
}

/// A new signing secret, shown this once. The one before signs beside it for 24 hours.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RotatedSecret)]
pub struct RotatedBody {
    /// With `v1`: the `whsec_…`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signing_secret: Option<String>,
    /// With `v1a`: the `whpk_…` that verifies; the private half stays with RMS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_key: Option<String>,
}

/// What became of a test delivery.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = TestedEndpoint)]
pub struct TestedBody {
    /// The status that the endpoint answered; null if it did not.
    pub status: Option<u16>,
    /// How long it took.
    pub duration_ms: u64,
    /// `ACCEPTED`, `REJECTED`, `NO_CONNECTION`, `NO_ANSWER`, `FORBIDDEN_TARGET` or `NOT_SIGNED`.
    #[schema(example = "ACCEPTED")]
    pub outcome: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::fields::{Unreadable, read_value};
    use serde_json::json;

    const RULES: Rules<'static> = Rules {
        url: &|url| {
            let is_https = url.scheme() == "https";
            is_https.then_some(()).ok_or_else(|| "not https".to_owned())
        },
        header: &|name| {
            let is_ours = name.eq_ignore_ascii_case("host");
            (!is_ours).then_some(()).ok_or_else(|| "ours".to_owned())
        },
    };

    fn request(body: &Value) -> Result<EndpointRequest, Vec<(String, String)>> {
        read_value(body, |fields| read(fields, &RULES)).map_err(|error| {
            let Unreadable::Invalid(violations) = error else {
                panic!("{error}")
            };
            let pair = |wrong: crate::contract::fields::Violation| (wrong.pointer, wrong.detail);
            violations.into_iter().map(pair).collect()
        })
    }

    #[test]
    fn a_url_is_enough() {
        let request = request(&json!({ "url": "https://a.example/x" })).unwrap();
        assert_eq!(request.url.as_str(), "https://a.example/x");
        assert!(request.headers.is_none() && request.basic.is_none());
        assert_eq!(request.filter, Filter::default());
        assert_eq!(request.give_up_after, GiveUpAfter::default());
        assert_eq!((request.enabled, request.lanes), (None, None));
        assert_eq!(request.method, EndpointMethod::Post);
        assert_eq!(request.messages, DEFAULT_KINDS);
    }

    #[test]
    fn kinds_of_messages_are_wanted_once_each_and_at_least_one() {
        let body = |messages: Value| json!({ "url": "https://a.example/x", "method": "PUT", "messages": messages });
        let asked = request(&body(json!([
            "RETURN_ORDER_ACK",
            "PGI",
            "RETURN_ORDER_ACK"
        ])))
        .unwrap();
        assert_eq!(
            asked.messages,
            [MessageKind::ReturnOrderAck, MessageKind::Pgi]
        );
        assert_eq!(asked.method, EndpointMethod::Put);
        let none = request(&body(json!([]))).unwrap_err();
        assert_eq!(none.first().unwrap().0, "/messages");
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let long = "x".repeat(4097);
        let wrong = request(&json!({
            "url": "http://a.example/",
            "headers": { "Host": "a", "x-a": 5, "x-b": "a\nb", "x-c": long, "x-d": " a", "x-e": "ä" },
            "basic": { "username": "a:b" },
            "method": "PATCH",
            "messages": ["INVOICE", "INVOICES"],
            "notificationTypes": ["DELIVERED", "TELEPORTED"],
            "shipmentTypes": [],
            "logisticAccountAliases": ["a b"],
            "warehouseCodes": "wh-1",
            "enabled": "yes",
            "lanes": 0,
            "giveUpAfter": 5,
            "signatureScheme": "v2",
        }));
        let pointers: Vec<_> = wrong
            .unwrap_err()
            .into_iter()
            .map(|(pointer, _)| pointer)
            .collect();
        assert_eq!(
            pointers,
            [
                "/url",
                "/headers/Host",
                "/headers/x-a",
                "/headers/x-b",
                "/headers/x-c",
                "/headers/x-d",
                "/headers/x-e",
                "/basic/username",
                "/basic/password",
                "/method",
                "/messages/1",
                "/notificationTypes/1",
                "/shipmentTypes",
                "/logisticAccountAliases/0",
                "/warehouseCodes",
                "/enabled",
                "/lanes",
                "/giveUpAfter",
                "/signatureScheme",
            ]
        );
    }

    #[test]
    fn no_error_repeats_a_secret() {
        let told = request(&json!({
            "url": "https://a.example/",
            "headers": { "x-a": "secret-one\n", "x-b": " secret-two" },
            "basic": { "username": "user:secret-three", "password": "secret-four\n" },
        }))
        .unwrap_err();
        assert_eq!(told.len(), 4);
        assert!(!format!("{told:?}").contains("secret-"), "{told:?}");
    }

    #[test]
    fn headers_that_differ_in_case_alone_are_one() {
        let wrong = request(&json!({
            "url": "https://a.example/", "headers": { "X-A": "1", "x-a": "2" },
        }));
        assert_eq!(wrong.unwrap_err()[0].0, "/headers");
    }

    #[test]
    fn basic_credentials_become_the_header_and_stand_for_it() {
        let basic = json!({ "username": "Aladdin", "password": "open sesame" });
        let both = json!({
            "url": "https://a.example/", "basic": &basic, "headers": { "Authorization": "Bearer x" },
        });
        assert_eq!(request(&both).unwrap_err()[0].0, "/basic");
        let one = request(&json!({ "url": "https://a.example/", "basic": basic })).unwrap();
        // RFC 7617, 2.
        assert_eq!(
            one.basic.unwrap().expose_secret(),
            "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="
        );
    }
}
