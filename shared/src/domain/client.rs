//! Who may call, and for what.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::domain::text::ClientId;

/// What an API key may be used for.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    strum::Display,
    strum::EnumIter,
    strum::EnumString,
    utoipa::ToSchema,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Scope {
    /// Labels, AWBs, orders, recommendations and their reads.
    Shipping,
    /// Return and exchange workflows.
    Returns,
    /// Reading and recovering notifications.
    Notifications,
    /// Accounts, endpoints and keys.
    Configuration,
}

impl Scope {
    /// Every scope.
    pub fn all() -> impl Iterator<Item = Self> {
        <Self as strum::IntoEnumIterator>::iter()
    }
}

/// A caller whose API key was found: the client it belongs to, and what it may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The client.
    pub client_id: ClientId,
    /// The key's id, for the audit.
    pub key_id: String,
    /// What the key may be used for.
    pub scopes: Vec<Scope>,
}

impl Caller {
    /// The first of these scopes that the caller's key does not have.
    pub fn lacks(&self, scopes: &[Scope]) -> Option<Scope> {
        let mut scopes = scopes.iter().copied();
        scopes.find(|scope| !self.scopes.contains(scope))
    }
}

/// An API key as its client sees it: all but the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Its id: who did something, in the audit.
    pub id: String,
    /// What its client calls it.
    pub label: String,
    /// What it may be used for.
    pub scopes: Vec<Scope>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends, if ever.
    pub expires_at: Option<Timestamp>,
    /// The day (in UTC) on which it was last used.
    pub last_used_on: Option<Date>,
}
