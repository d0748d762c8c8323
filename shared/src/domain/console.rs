//! Sessions and one-time links of the console: who looks, with which permissions, and until when.
//!
//! Both name an API key and never contain it. They permit no more than the key does when they are used, and end when it is
//! revoked.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::client::{Caller, Scope};
use crate::domain::text::ClientId;

/// How long a session lasts at most.
pub const SESSION: Duration = Duration::from_hours(8);

/// A one-time link that opens a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConsoleLink {
    /// Its id. A link is opened once.
    pub id: String,
    /// The client.
    pub client_id: ClientId,
    /// The key that created it.
    pub key_id: String,
    /// The permissions of the session.
    pub scopes: Vec<Scope>,
    /// When it can no longer be opened.
    pub expires_at: Timestamp,
}

/// A session of the console.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConsoleSession {
    /// The client.
    pub client_id: ClientId,
    /// The key that it is of.
    pub key_id: String,
    /// The permissions of a session that a link opened; absent: those of the key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Vec<Scope>>,
    /// When it ends.
    pub ends_at: Timestamp,
    /// The word that each form of the session contains: another site does not know it.
    pub form_token: String,
}

impl fmt::Debug for ConsoleSession {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("ConsoleSession");
        shown.field("client_id", &self.client_id);
        shown.field("key_id", &self.key_id).finish_non_exhaustive()
    }
}

impl ConsoleSession {
    /// The session of a key.
    pub fn of_key(key: &Caller, form_token: String, now: Timestamp) -> Self {
        let latest = now + SESSION;
        Self {
            client_id: key.client_id.clone(),
            key_id: key.key_id.clone(),
            scopes: None,
            ends_at: key.expires_at.map_or(latest, |end| end.min(latest)),
            form_token,
        }
    }

    /// The session that a link opens, whose key is `key` now.
    pub fn of_link(link: &ConsoleLink, key: &Caller, form_token: String, now: Timestamp) -> Self {
        Self {
            scopes: Some(link.scopes.clone()),
            ..Self::of_key(key, form_token, now)
        }
    }

    /// The session's caller, whose key is `key` now: with the scopes that both have. Keys and links that the visitor of a
    /// link creates end with the session.
    #[must_use]
    pub fn caller(&self, key: Caller) -> Caller {
        let Some(scopes) = &self.scopes else {
            return key;
        };
        let both = key.scopes.into_iter();
        Caller {
            scopes: both.filter(|scope| scopes.contains(scope)).collect(),
            expires_at: Some(self.ends_at),
            ..key
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(scopes: &[Scope], expires_at: Option<&str>) -> Caller {
        Caller {
            client_id: "demo".parse().unwrap(),
            key_id: "key_1".to_owned(),
            scopes: scopes.to_vec(),
            expires_at: expires_at.map(|at| at.parse().unwrap()),
        }
    }

    fn now() -> Timestamp {
        "2026-11-30T10:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_session_lasts_eight_hours_and_no_longer_than_its_key() {
        for (key_ends, session_ends) in [
            (None, "2026-11-30T18:00:00Z"),
            (Some("2026-12-30T10:00:00Z"), "2026-11-30T18:00:00Z"),
            (Some("2026-11-30T11:00:00Z"), "2026-11-30T11:00:00Z"),
        ] {
            let session = ConsoleSession::of_key(&key(&[], key_ends), String::new(), now());
            assert_eq!(session.ends_at.to_string(), session_ends);
        }
    }

    #[test]
    fn the_visitor_of_a_link_has_the_scopes_that_link_and_key_have_and_nothing_outlasts_the_session()
     {
        let link = ConsoleLink {
            id: "l".to_owned(),
            client_id: "demo".parse().unwrap(),
            key_id: "key_1".to_owned(),
            scopes: vec![Scope::Notifications, Scope::Returns],
            expires_at: now(),
        };
        let key = key(&[Scope::Notifications, Scope::Configuration], None);
        let session = ConsoleSession::of_link(&link, &key, String::new(), now());
        let caller = session.caller(key);
        assert_eq!(caller.scopes, [Scope::Notifications]);
        assert_eq!(caller.expires_at, Some(session.ends_at));
        assert_eq!(caller.key_id, "key_1");
    }

    #[test]
    fn the_session_of_a_key_is_the_key() {
        let key = key(&[Scope::Shipping], None);
        let session = ConsoleSession::of_key(&key, String::new(), now());
        assert_eq!(session.caller(key.clone()), key);
    }

    #[test]
    fn the_word_of_the_forms_is_not_printed() {
        let session = ConsoleSession::of_key(&key(&[], None), "the-word".to_owned(), now());
        assert!(!format!("{session:?}").contains("the-word"));
    }
}
