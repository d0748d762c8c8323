//! A request to create or change a webhook endpoint, and how it is applied to the stored endpoint.

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::domain::draft::{Draft, WrongField};
use crate::domain::endpoint::{
    DEFAULT_LANES, EndpointMethod, Filter, GiveUpAfter, WebhookEndpoint,
};
use crate::domain::message::MessageKind;
use crate::domain::secrets::{GivenSecrets, NamedSecrets, merged};
use crate::domain::signing::{SignatureScheme, SigningSecrets};
use crate::domain::text::{ClientId, EndpointId};

/// The header in which Basic credentials are stored.
const AUTHORIZATION: &str = "authorization";

/// The requested state of an endpoint.
#[derive(Debug)]
pub struct EndpointRequest {
    /// The target URL.
    pub url: Url,
    /// The HTTP method.
    pub method: EndpointMethod,
    /// Headers by lower-case name; `None` keeps the stored value. Absent: all are kept.
    pub headers: Option<GivenSecrets>,
    /// The value of the `authorization` header for Basic credentials.
    pub basic: Option<SecretString>,
    /// The subscribed kinds of messages.
    pub messages: Vec<MessageKind>,
    /// The filter for messages.
    pub filter: Filter,
    /// Whether messages are sent. Absent: a new endpoint is enabled, an existing one is unchanged.
    pub enabled: Option<bool>,
    /// The number of lanes of a new endpoint; for an existing one, its current number.
    pub lanes: Option<u16>,
    /// The age at which a message is given up.
    pub give_up_after: GiveUpAfter,
    /// The signature scheme. Absent: unchanged.
    pub signature_scheme: Option<SignatureScheme>,
    /// The client's own secret for v1. Absent: RMS generates one for a new endpoint, and keeps that of an existing one.
    pub signing_secret: Option<SecretString>,
}

/// The secret of a change.
#[derive(Debug)]
pub enum NewSecret {
    /// Generated, for another scheme.
    OfScheme(SecretString),
    /// The client's own.
    Given(SecretString),
}

impl EndpointRequest {
    /// A new endpoint that signs with `secret`.
    pub fn made(
        &self,
        client_id: &ClientId,
        id: &EndpointId,
        secret: SecretString,
    ) -> Result<Draft<WebhookEndpoint>, Vec<WrongField>> {
        let secrets = SigningSecrets::new(secret);
        let plain = WebhookEndpoint::new(client_id.clone(), id.clone(), self.url.clone(), secrets);
        let endpoint = WebhookEndpoint {
            method: self.method,
            headers: self.headers(&plain.headers)?,
            messages: self.messages.clone(),
            filter: self.filter.clone(),
            enabled: self.enabled.unwrap_or(true),
            lanes: self.lanes.unwrap_or(DEFAULT_LANES),
            give_up_after: self.give_up_after,
            ..plain.clone()
        };
        let mut fields = vec!["url".to_owned()];
        fields.extend(endpoint.changed_from(&plain));
        Ok(Draft {
            value: endpoint,
            fields,
        })
    }

    /// The requested scheme, if it differs from the present one: it needs a new secret.
    pub fn other_scheme(&self, present: Option<SignatureScheme>) -> Option<SignatureScheme> {
        self.signature_scheme
            .filter(|scheme| present != Some(*scheme))
    }

    /// The client's own secret, if it is not the present one.
    pub fn other_secret(&self, present: Option<&SecretString>) -> Option<&SecretString> {
        let present = present.map(ExposeSecret::expose_secret);
        let given = self.signing_secret.as_ref();
        given.filter(|given| present != Some(given.expose_secret()))
    }

    /// Applies the request to the endpoint `present`. A new secret replaces the previous one, which also signs for one more
    /// day.
    pub fn changed(
        &self,
        present: &WebhookEndpoint,
        secret: Option<NewSecret>,
        now: Timestamp,
    ) -> Result<Draft<WebhookEndpoint>, Vec<WrongField>> {
        self.check_lanes(present).map_err(|wrong| vec![wrong])?;
        let enabled = self.enabled.unwrap_or(present.enabled);
        let rotated = |secret| present.signing_secrets.rotated(secret, now);
        let (signing_secrets, field) = match secret {
            Some(NewSecret::OfScheme(secret)) => (rotated(secret), Some("signatureScheme")),
            Some(NewSecret::Given(secret)) => (rotated(secret), Some("signingSecret")),
            None => (present.signing_secrets.clone(), None),
        };
        let endpoint = WebhookEndpoint {
            url: self.url.clone(),
            method: self.method,
            headers: self.headers(&present.headers)?,
            signing_secrets,
            messages: self.messages.clone(),
            filter: self.filter.clone(),
            enabled,
            disabled: present.disabled.filter(|_| !enabled),
            give_up_after: self.give_up_after,
            ..present.clone()
        };
        let mut fields = endpoint.changed_from(present);
        fields.extend(field.map(ToOwned::to_owned));
        Ok(Draft {
            value: endpoint,
            fields,
        })
    }

    fn check_lanes(&self, present: &WebhookEndpoint) -> Result<(), WrongField> {
        if self.lanes.is_none_or(|lanes| lanes == present.lanes) {
            return Ok(());
        }
        Err(WrongField {
            field: "lanes".to_owned(),
            detail: format!(
                "cannot be changed: the endpoint has {} lanes",
                present.lanes
            ),
        })
    }

    /// The requested headers, with stored values where no value is given.
    fn headers(&self, present: &NamedSecrets) -> Result<NamedSecrets, Vec<WrongField>> {
        let stored = |name: &str| {
            let mut stored = present.iter();
            let found = stored.find(|(stored, _)| stored.eq_ignore_ascii_case(name));
            found.map(|(_, value)| value)
        };
        let (mut wanted, unknown) = match &self.headers {
            Some(given) => {
                let merged = merged(given, stored);
                (merged.secrets, merged.without_value)
            }
            None => (present.clone(), Vec::new()),
        };
        if let Some(basic) = &self.basic {
            wanted.retain(|name, _| !name.eq_ignore_ascii_case(AUTHORIZATION));
            wanted.insert(AUTHORIZATION.to_owned(), basic.clone());
        }
        if unknown.is_empty() {
            return Ok(wanted);
        }
        let wrong = |name: String| WrongField {
            field: format!("headers/{name}"),
            detail: "has no value, and no value is stored".to_owned(),
        };
        Err(unknown.into_iter().map(wrong).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::endpoint::{Disabled, DisabledReason};
    use crate::domain::message::DEFAULT_KINDS;

    fn request() -> EndpointRequest {
        EndpointRequest {
            url: "https://a.example/".parse().unwrap(),
            headers: Some([("x-a".to_owned(), Some("1".into()))].into()),
            basic: None,
            method: EndpointMethod::default(),
            messages: DEFAULT_KINDS.to_vec(),
            filter: Filter::default(),
            enabled: None,
            lanes: None,
            give_up_after: GiveUpAfter::default(),
            signature_scheme: None,
            signing_secret: None,
        }
    }

    fn made(request: &EndpointRequest) -> Draft<WebhookEndpoint> {
        let (client_id, id) = ("demo".parse().unwrap(), "sink".parse().unwrap());
        request.made(&client_id, &id, "secret".into()).unwrap()
    }

    fn changed(
        request: &EndpointRequest,
        present: &WebhookEndpoint,
    ) -> Result<Draft<WebhookEndpoint>, Vec<WrongField>> {
        request.changed(present, None, Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn a_new_endpoint_lists_values_that_differ_from_the_defaults() {
        assert_eq!(made(&request()).fields, ["url", "headers"]);
        let plain = EndpointRequest {
            headers: None,
            method: EndpointMethod::Put,
            messages: vec![MessageKind::ReturnOrderAck],
            lanes: Some(2),
            ..request()
        };
        assert_eq!(made(&plain).fields, ["url", "method", "messages", "lanes"]);
    }

    #[test]
    fn missing_values_are_kept() {
        let present = made(&request()).value;
        for headers in [None, Some([("x-a".to_owned(), None)].into())] {
            let same = EndpointRequest {
                headers,
                ..request()
            };
            let draft = changed(&same, &present).unwrap();
            assert!(draft.fields.is_empty(), "{:?}", draft.fields);
            assert_eq!(draft.value.headers["x-a"].expose_secret(), "1");
        }
    }

    #[test]
    fn a_header_without_a_given_or_stored_value_is_invalid() {
        let present = made(&request()).value;
        let unknown = EndpointRequest {
            headers: Some([("x-b".to_owned(), None)].into()),
            ..request()
        };
        let wrong = changed(&unknown, &present).unwrap_err();
        assert_eq!(wrong[0].field, "headers/x-b");
    }

    #[test]
    fn basic_credentials_replace_the_header() {
        let mut present = made(&request()).value;
        let before = "Bearer x".into();
        present.headers.insert("Authorization".to_owned(), before);
        let basic = EndpointRequest {
            headers: None,
            basic: Some("Basic y".into()),
            ..request()
        };
        let headers = changed(&basic, &present).unwrap().value.headers;
        let names: Vec<_> = headers.keys().map(String::as_str).collect();
        assert_eq!(names, ["authorization", "x-a"]);
        assert_eq!(headers["authorization"].expose_secret(), "Basic y");
    }

    #[test]
    fn lanes_are_fixed_and_enabling_clears_the_disabled_reason() {
        let present = WebhookEndpoint {
            enabled: false,
            disabled: Some(Disabled {
                reason: DisabledReason::Gone,
                at: Timestamp::UNIX_EPOCH,
            }),
            ..made(&request()).value
        };
        let other = EndpointRequest {
            lanes: Some(2),
            ..request()
        };
        assert_eq!(changed(&other, &present).unwrap_err()[0].field, "lanes");
        let off = changed(&request(), &present).unwrap().value;
        assert!(!off.enabled && off.disabled.is_some());
        let on = EndpointRequest {
            enabled: Some(true),
            ..request()
        };
        let draft = changed(&on, &present).unwrap();
        assert!(draft.value.enabled && draft.value.disabled.is_none());
        assert_eq!(draft.fields, ["enabled"]);
    }

    #[test]
    fn another_scheme_needs_another_secret() {
        let present = made(&request()).value;
        let (v1, v1a) = (SignatureScheme::V1, SignatureScheme::V1a);
        let other = EndpointRequest {
            signature_scheme: Some(v1a),
            ..request()
        };
        assert_eq!(request().other_scheme(Some(v1)), None);
        assert_eq!(other.other_scheme(Some(v1a)), None);
        assert_eq!(other.other_scheme(Some(v1)), Some(v1a));
        let secret = Some(NewSecret::OfScheme("new".into()));
        let draft = other.changed(&present, secret, Timestamp::UNIX_EPOCH);
        let draft = draft.unwrap();
        assert_eq!(draft.fields, ["signatureScheme"]);
        assert_eq!(draft.value.signing_secrets.all().len(), 2);
    }

    #[test]
    fn only_another_secret_replaces_the_present_one() {
        let present = made(&request()).value;
        let newest = present.signing_secrets.newest();
        let own = |secret: &str| EndpointRequest {
            signing_secret: Some(secret.into()),
            ..request()
        };
        assert!(request().other_secret(newest).is_none());
        assert!(own("secret").other_secret(newest).is_none());
        let other = own("other");
        let secret = other.other_secret(newest).unwrap().clone();
        let secret = Some(NewSecret::Given(secret));
        let draft = other.changed(&present, secret, Timestamp::UNIX_EPOCH);
        let draft = draft.unwrap();
        assert_eq!(draft.fields, ["signingSecret"]);
        let secrets = draft.value.signing_secrets;
        let signing = secrets.signing_at(Timestamp::UNIX_EPOCH);
        let signing: Vec<_> = signing.map(ExposeSecret::expose_secret).collect();
        assert_eq!(signing, ["other", "secret"]);
    }
}
