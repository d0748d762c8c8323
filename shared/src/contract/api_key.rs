//! API keys as clients make and see them.

use jiff::Timestamp;
use jiff::civil::Date;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;
use utoipa::ToSchema;

use crate::contract::fields::Fields;
use crate::contract::values::{instant, one_of, text};
use crate::domain::client::{ApiKey, Scope};

/// The longest label.
const LONGEST_LABEL: usize = 100;
const SCOPES: &str = "shipping, returns, notifications or configuration";

/// A key that is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRequest {
    /// What its client calls it.
    pub label: String,
    /// What it may be used for; each scope once.
    pub scopes: Vec<Scope>,
    /// When it ends, if ever.
    pub expires_at: Option<Timestamp>,
}

/// Reads the body of a request for a key that is made at `now`.
pub fn read(fields: &Fields<'_>, now: Timestamp) -> Option<KeyRequest> {
    let label = fields.required("label", |value| {
        let label = text(value)?;
        match label.chars().count() {
            0..=LONGEST_LABEL => Ok(label),
            _ => Err(format!("must have at most {LONGEST_LABEL} characters")),
        }
    });
    let scopes = fields.values("scopes", one_of::<Scope>(SCOPES));
    if scopes.as_ref().is_some_and(Vec::is_empty) {
        fields.wrong_field("scopes", "must have at least one entry");
    }
    let expires_at = fields.optional("expiresAt", |value| {
        let end = instant(value)?;
        let is_later = end > now;
        is_later
            .then_some(end)
            .ok_or_else(|| "must be in the future".to_owned())
    });
    let mut scopes = scopes?;
    scopes.sort();
    scopes.dedup();
    Some(KeyRequest {
        label: label?,
        scopes,
        expires_at: expires_at?,
    })
}

/// The body on the wire.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ApiKeyRequest)]
pub struct KeyRequestBody {
    /// What the client calls it: 1 to 100 characters.
    pub label: String,
    /// What it may be used for: scopes that the calling key has itself.
    pub scopes: Vec<Scope>,
    /// When it ends (RFC 3339, with an offset); absent: never.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub expires_at: Option<String>,
}

/// A key that was made.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = MintedApiKey)]
pub struct MintedBody {
    /// The key, in this answer alone.
    pub api_key: String,
    /// All else.
    #[serde(flatten)]
    pub described: KeyBody,
}

/// A key, without the key.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ApiKey)]
pub struct KeyBody {
    /// Its id, as `DELETE /api-keys/{id}` and the audit have it.
    pub id: String,
    /// What the client calls it.
    pub label: String,
    /// What it may be used for.
    pub scopes: Vec<Scope>,
    /// When it was made.
    #[schema(value_type = String, format = "date-time")]
    pub created_at: Timestamp,
    /// When it ends; null: never.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub expires_at: Option<Timestamp>,
    /// The day, in UTC, on which it was last used; null: never, or more than a year ago.
    #[schema(value_type = Option<String>, format = "date")]
    pub last_used_on: Option<Date>,
}

/// A page of keys, the oldest first.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ApiKeys)]
pub struct KeysBody {
    /// The keys; those that have expired are among them until they are deleted.
    pub api_keys: Vec<KeyBody>,
    /// Give it as `cursor` for the next page; null at the end.
    pub cursor: Option<String>,
}

impl MintedBody {
    /// A key with all that is said of it.
    pub fn new(api_key: &SecretString, described: ApiKey) -> Self {
        Self {
            api_key: api_key.expose_secret().to_owned(),
            described: described.into(),
        }
    }
}

impl From<ApiKey> for KeyBody {
    fn from(key: ApiKey) -> Self {
        Self {
            id: key.id,
            label: key.label,
            scopes: key.scopes,
            created_at: key.created_at,
            expires_at: key.expires_at,
            last_used_on: key.last_used_on,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::fields::{Unreadable, read_body};

    fn read_at(body: &str) -> Result<KeyRequest, Vec<String>> {
        let now = "2026-11-21T10:00:00Z".parse().unwrap();
        read_body(body.as_bytes(), |fields| read(fields, now)).map_err(|unreadable| {
            let Unreadable::Invalid(found) = unreadable else {
                panic!("{unreadable:?}")
            };
            found.into_iter().map(|wrong| wrong.pointer).collect()
        })
    }

    #[test]
    fn a_scope_that_is_named_twice_is_had_once() {
        let request = read_at(
            r#"{"label": "OMS", "scopes": ["returns", "shipping", "returns"], "expiresAt": "2027-01-01T00:00:00+05:30"}"#,
        );
        let request = request.unwrap();
        assert_eq!(request.scopes, [Scope::Shipping, Scope::Returns]);
        assert_eq!(
            request.expires_at.unwrap().to_string(),
            "2026-12-31T18:30:00Z"
        );
    }

    #[test]
    fn every_wrong_field_is_named() {
        let wrong = |body: &str| read_at(body).unwrap_err();
        assert_eq!(wrong("{}"), ["/label", "/scopes"]);
        let long = "l".repeat(101);
        assert_eq!(
            wrong(&format!(
                r#"{{"label": "{long}", "scopes": ["all", 5], "expiresAt": "2026-11-21T10:00:00Z"}}"#
            )),
            ["/label", "/scopes/0", "/scopes/1", "/expiresAt"]
        );
        assert_eq!(wrong(r#"{"label": "a", "scopes": []}"#), ["/scopes"]);
    }
}
