//! API keys in requests and responses.

use jiff::Timestamp;
use jiff::civil::Date;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;
use utoipa::ToSchema;

use crate::contract::fields::Fields;
use crate::contract::values::{instant, one_of, text};
use crate::domain::client::{ApiKey, Scope};

/// The maximum length of a label.
const LONGEST_LABEL: usize = 100;
const SCOPES: &str = "shipping, returns, notifications, configuration or channels";

/// A request for a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRequest {
    /// The client's label.
    pub label: String,
    /// The scopes, without duplicates.
    pub scopes: Vec<Scope>,
    /// When it expires, if ever.
    pub expires_at: Option<Timestamp>,
}

/// Reads the body of a request for a key; `now` is the current time.
pub fn read(fields: &Fields<'_>, now: Timestamp) -> Option<KeyRequest> {
    let label = fields.required("label", |value| {
        let label = text(value)?;
        match label.chars().count() {
            0..=LONGEST_LABEL => Ok(label),
            _ => Err(format!("must have at most {LONGEST_LABEL} characters")),
        }
    });
    let scopes = scopes(fields);
    let expires_at = fields.optional("expiresAt", |value| {
        let end = instant(value)?;
        let is_later = end > now;
        is_later
            .then_some(end)
            .ok_or_else(|| "must be in the future".to_owned())
    });
    Some(KeyRequest {
        label: label?,
        scopes: scopes?,
        expires_at: expires_at?,
    })
}

/// The scopes, at least one, without duplicates.
pub(super) fn scopes(fields: &Fields<'_>) -> Option<Vec<Scope>> {
    let mut scopes = fields.values("scopes", one_of::<Scope>(SCOPES))?;
    if scopes.is_empty() {
        fields.wrong_field("scopes", "must have at least one entry");
        return None;
    }
    scopes.sort();
    scopes.dedup();
    Some(scopes)
}

/// The body in JSON.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ApiKeyRequest)]
pub struct KeyRequestBody {
    /// The client's label: 1 to 100 characters, not only blanks.
    #[schema(
        min_length = 1,
        max_length = 100,
        pattern = r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*[^\s\u0000-\u001f\u007f-\u009f][^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*$"
    )]
    pub label: String,
    /// The scopes: only those that the calling key has itself.
    #[schema(min_items = 1, max_items = 500)]
    pub scopes: Vec<Scope>,
    /// When it expires (RFC 3339, with an offset), in the future; absent: never. A key expires no later than the key that
    /// creates it: the response shows the resulting time.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub expires_at: Option<String>,
}

/// A new key.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = MintedApiKey)]
pub struct MintedBody {
    /// The key. It is shown only in this response.
    pub api_key: String,
    /// Its description.
    #[serde(flatten)]
    pub described: KeyBody,
}

/// A key without its secret.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ApiKey)]
pub struct KeyBody {
    /// Its id, as used by `DELETE /api-keys/{id}` and the audit log.
    pub id: String,
    /// The client's label.
    pub label: String,
    /// The scopes.
    pub scopes: Vec<Scope>,
    /// When it was created.
    #[schema(value_type = String, format = "date-time")]
    pub created_at: Timestamp,
    /// When it expires: never later than the key that created it. Null: never.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub expires_at: Option<Timestamp>,
    /// The day (UTC) on which it was last used; null: never, or more than a year ago.
    #[schema(value_type = Option<String>, format = "date")]
    pub last_used_on: Option<Date>,
}

/// A page of keys, oldest first.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ApiKeys)]
pub struct KeysBody {
    /// The keys, including expired ones until they are deleted.
    pub api_keys: Vec<KeyBody>,
    /// The `cursor` for the next page; null at the end.
    pub cursor: Option<String>,
}

impl MintedBody {
    /// A new key with its description.
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
    fn duplicate_scopes_are_merged() {
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
