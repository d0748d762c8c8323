//! Who changed which configuration when: names of fields, never their values.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The kinds of things that are configured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AuditSubject {
    /// A logistic account, by its alias.
    LogisticAccount,
    /// A webhook endpoint, by its id.
    WebhookEndpoint,
    /// An API key, by its id.
    ApiKey,
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Action {
    /// It was made.
    Created,
    /// Some of its fields were changed.
    Changed,
    /// It was removed, or revoked.
    Deleted,
    /// Its signing secret was replaced.
    SecretRotated,
    /// It was switched on again after we had suspended it or switched it off.
    Resumed,
}

/// One change of one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// Of what kind it is.
    pub subject: AuditSubject,
    /// Which one.
    pub id: String,
    /// What was done.
    pub action: Action,
    /// The names of the fields that have another value now.
    pub fields: Vec<String>,
}

/// A change with who made it, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// When.
    pub at: Timestamp,
    /// The id of the API key.
    pub key_id: String,
    /// What.
    pub change: Change,
}
