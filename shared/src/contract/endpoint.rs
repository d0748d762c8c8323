//! Reads the requested configuration of a webhook endpoint.
//!
//! Secrets are write-only: null keeps the stored value, so that a response can be changed and sent back.

pub mod body;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use crate::contract::configured::{UrlRule, callable_url, given_secrets};
use crate::contract::endpoint::body::EndpointBody;
use crate::contract::fields::Fields;
use crate::contract::messages::KINDS;
use crate::contract::values::{flag, one_of, parsed, secret, whole_number};
use crate::domain::endpoint::{Filter, GiveUpAfter};
use crate::domain::endpoint_request::EndpointRequest;
use crate::domain::message::{DEFAULT_KINDS, MessageKind};
use crate::domain::secrets::GivenSecrets;
use crate::domain::signing::SignatureScheme;

/// The maximum number of headers of an endpoint.
pub(crate) const MOST_HEADERS: usize = 20;
/// The maximum length of a header's name. What is longer would not fit into the endpoint's item.
pub(crate) const LONGEST_HEADER_NAME: usize = 256;
/// The maximum number of lanes of an endpoint, and thus of concurrent attempts.
pub const MOST_LANES: u16 = 256;
/// How a secret for v1 begins.
const SHARED_SECRET: &str = "whsec_";
/// The length of its key that Standard Webhooks allows.
const SHARED_KEY_BYTES: std::ops::RangeInclusive<usize> = 24..=64;
/// The header of Basic credentials.
const AUTHORIZATION: &str = "authorization";

/// The rules for outgoing requests, which the contract does not know.
pub struct EndpointRules<'a> {
    /// Whether a URL may be called.
    pub url: UrlRule<'a>,
    /// Whether a header of this name may be configured.
    pub header: &'a dyn Fn(&str) -> Result<(), String>,
}

/// Reads the body of a PUT request.
pub fn read(fields: &Fields<'_>, rules: &EndpointRules<'_>) -> Option<EndpointRequest> {
    let url = fields.required("url", |value| callable_url(value, rules.url));
    let headers = headers(fields, rules);
    let basic = fields.optional_object("basic", basic);
    let method = fields.optional("method", one_of("POST or PUT"));
    let messages = messages(fields);
    let filter = filter(fields);
    let enabled = fields.optional("enabled", flag);
    let lanes = fields.optional("lanes", lanes);
    let give_up_after = fields.optional("giveUpAfter", give_up_after);
    let signature_scheme = fields.optional("signatureScheme", one_of("v1 or v1a"));
    let signing_secret = signing_secret(fields, signature_scheme.flatten());
    fields.knows(&EndpointBody::ONLY_SHOWN);
    let (headers, basic) = (headers?, basic?);
    let has_both = basic.is_some()
        && headers
            .as_ref()
            .is_some_and(|headers| headers.contains_key(AUTHORIZATION));
    if has_both {
        fields.wrong_field(
            "basic",
            "sets the header authorization: give only one of them",
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
        signing_secret: signing_secret?,
    })
}

#[expect(clippy::option_option, reason = "as `Fields::optional`")]
fn headers(fields: &Fields<'_>, rules: &EndpointRules<'_>) -> Option<Option<GivenSecrets>> {
    let check_name = |name: &str| {
        if name.len() > LONGEST_HEADER_NAME {
            return Err(format!(
                "has a name of more than {LONGEST_HEADER_NAME} characters"
            ));
        }
        (rules.header)(name)
    };
    let given = given_secrets(fields, "headers", MOST_HEADERS, check_name, header_value)?;
    let Some(given) = given else {
        return Some(None);
    };
    let count = given.len();
    let lower = |(name, value): (String, _)| (name.to_ascii_lowercase(), value);
    let headers: GivenSecrets = given.into_iter().map(lower).collect();
    if headers.len() < count {
        fields.wrong_field("headers", "has a header twice: names are case-insensitive");
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
        return Err("must not begin or end with blanks".to_owned());
    }
    Ok(value)
}

fn basic(fields: &Fields<'_>) -> Option<SecretString> {
    let username = fields.required("username", |value| {
        let name = secret(value)?;
        if name.expose_secret().contains(':') {
            return Err("must not contain a colon".to_owned());
        }
        Ok(name)
    });
    let password = fields.required("password", secret);
    let (username, password) = (username?, password?);
    let pair = format!("{}:{}", username.expose_secret(), password.expose_secret());
    Some(format!("Basic {}", STANDARD.encode(pair)).into())
}

#[expect(clippy::option_option, reason = "as `Fields::optional`")]
fn signing_secret(
    fields: &Fields<'_>,
    scheme: Option<SignatureScheme>,
) -> Option<Option<SecretString>> {
    let secret = fields.optional("signingSecret", shared_secret)?;
    if secret.is_some() && scheme == Some(SignatureScheme::V1a) {
        let detail = "is a secret for v1, but signatureScheme is v1a, whose key RMS generates";
        fields.wrong_field("signingSecret", detail);
        return None;
    }
    Some(secret)
}

/// A secret of Standard Webhooks. The error must not contain it.
fn shared_secret(value: &Value) -> Result<SecretString, String> {
    const FORM: &str =
        "must be whsec_ and the base64 form, with padding, of 24 to 64 bytes (Standard Webhooks)";
    let secret = secret(value)?;
    let key = secret.expose_secret().strip_prefix(SHARED_SECRET);
    let key = key.and_then(|key| STANDARD.decode(key).ok());
    if key.is_some_and(|key| SHARED_KEY_BYTES.contains(&key.len())) {
        Ok(secret)
    } else {
        Err(FORM.to_owned())
    }
}

/// The subscribed kinds, without duplicates; the default if absent.
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

/// An optional list, which accepts everything if it is absent. An empty list is invalid: it would accept nothing.
#[expect(clippy::option_option, reason = "as `Fields::optional`")]
fn wanted<T>(
    fields: &Fields<'_>,
    name: &'static str,
    parse: impl Fn(&Value) -> Result<T, String>,
) -> Option<Option<Vec<T>>> {
    if !fields.has(name) {
        return Some(None);
    }
    let list = fields.values(name, parse)?;
    if list.is_empty() {
        fields.wrong_field(name, "must not be empty; omit it for the default");
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::configured::tests::{Wrong, https_alone, read_or_wrong};
    use crate::domain::endpoint::EndpointMethod;
    use serde_json::json;

    const RULES: EndpointRules<'static> = EndpointRules {
        url: &https_alone,
        header: &|name| {
            let is_ours = name.eq_ignore_ascii_case("host");
            (!is_ours).then_some(()).ok_or_else(|| "ours".to_owned())
        },
    };

    fn request(body: &Value) -> Result<EndpointRequest, Wrong> {
        read_or_wrong(body, |fields| read(fields, &RULES))
    }

    #[test]
    fn only_the_url_is_required() {
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
    fn the_name_of_a_header_has_a_longest_length() {
        let body = |length: usize| json!({ "url": "https://a.example/x", "headers": { "x".repeat(length): "1" } });
        assert!(request(&body(LONGEST_HEADER_NAME)).is_ok());
        let wrong = request(&body(LONGEST_HEADER_NAME + 1)).unwrap_err();
        assert_eq!(
            wrong.first().unwrap().1,
            "has a name of more than 256 characters"
        );
    }

    #[test]
    fn kinds_of_messages_are_deduplicated_and_not_empty() {
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
    fn all_violations_are_reported_at_once() {
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
    fn an_own_secret_has_the_form_of_standard_webhooks() {
        let asked = |secret: &Value, scheme: &Value| {
            request(&json!({
                "url": "https://a.example/x", "signingSecret": secret, "signatureScheme": scheme,
            }))
        };
        let of = |length: usize| format!("whsec_{}", STANDARD.encode(vec![0xfb; length]));
        for length in [24, 32, 64] {
            let secret = of(length);
            let given = asked(&json!(secret), &json!(null)).unwrap().signing_secret;
            assert_eq!(given.unwrap().expose_secret(), secret);
        }
        for none in [json!(null), json!("")] {
            let given = asked(&none, &json!("v1a")).unwrap().signing_secret;
            assert!(given.is_none());
        }
        for wrong in [
            json!(of(23)),
            json!(of(65)),
            json!(of(25).trim_end_matches('=')),
            json!(of(24).replace('+', "-")),
            json!(of(24).replace("whsec_", "whsk_")),
            json!(of(24).replace("whsec_", "")),
            json!("whsec_secret"),
            json!(7),
        ] {
            let found = asked(&wrong, &json!("v1")).unwrap_err();
            assert_eq!(found[0].0, "/signingSecret", "{wrong}");
            let text = wrong.as_str().unwrap_or("7 bytes");
            assert!(!found[0].1.contains(text), "{found:?}");
        }
        let other = asked(&json!(of(24)), &json!("v1a")).unwrap_err();
        assert_eq!(other[0].0, "/signingSecret");
    }

    #[test]
    fn errors_do_not_contain_secrets() {
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
    fn headers_that_differ_only_in_case_are_duplicates() {
        let wrong = request(&json!({
            "url": "https://a.example/", "headers": { "X-A": "1", "x-a": "2" },
        }));
        assert_eq!(wrong.unwrap_err()[0].0, "/headers");
    }

    #[test]
    fn basic_credentials_become_the_authorization_header() {
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
