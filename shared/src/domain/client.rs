//! Callers and their permissions.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::domain::text::ClientId;

/// A permission of an API key.
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
    /// Labels, return AWBs, orders, recommendations and their reads.
    Shipping,
    /// Return AWBs and invoices.
    Returns,
    /// Reading messages, notifications and shipments, and recovering deliveries.
    Notifications,
    /// Accounts, endpoints and keys.
    Configuration,
    /// Orders, stock and manifests of sales channels.
    Channels,
    /// Sales orders, goods issue and prices of the fulfilment routes.
    Fulfilment,
}

impl Scope {
    /// The scopes of which each opens the routes of return AWBs.
    pub const RETURN_AWBS: [Self; 2] = [Self::Returns, Self::Shipping];

    /// Every scope.
    pub fn all() -> impl Iterator<Item = Self> {
        <Self as strum::IntoEnumIterator>::iter()
    }
}

/// An authenticated caller: its client and permissions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The client.
    pub client_id: ClientId,
    /// The key's id, for the audit log.
    pub key_id: String,
    /// The scopes of the key.
    pub scopes: Vec<Scope>,
    /// When the key expires, if ever.
    pub expires_at: Option<Timestamp>,
}

impl Caller {
    /// Whether the caller's key has at least one of these scopes.
    pub fn has_one_of(&self, scopes: &[Scope]) -> bool {
        scopes.iter().any(|scope| self.scopes.contains(scope))
    }

    /// The first of these scopes that the caller's key lacks.
    pub fn lacks(&self, scopes: &[Scope]) -> Option<Scope> {
        let mut scopes = scopes.iter().copied();
        scopes.find(|scope| !self.scopes.contains(scope))
    }

    /// When a key that the caller creates expires: not later than the caller's own key, which could otherwise replace
    /// itself for ever.
    pub fn latest_end(&self, wanted: Option<Timestamp>) -> Option<Timestamp> {
        wanted.into_iter().chain(self.expires_at).min()
    }
}

/// An API key without the key itself, as its client sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Its id, which the audit log uses.
    pub id: String,
    /// The client's label for it.
    pub label: String,
    /// Its scopes.
    pub scopes: Vec<Scope>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it expires, if ever.
    pub expires_at: Option<Timestamp>,
    /// The day (UTC) on which it was last used.
    pub last_used_on: Option<Date>,
}
