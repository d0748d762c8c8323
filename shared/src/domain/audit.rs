//! The audit log of configuration changes: names of fields, never their values.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The kinds of configured objects.
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

/// The kind of change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Action {
    /// It was created.
    Created,
    /// Some of its fields were changed.
    Changed,
    /// It was removed, or revoked.
    Deleted,
    /// Its signing secret was replaced.
    SecretRotated,
    /// It was enabled again after RMS had suspended or disabled it.
    Resumed,
}

/// A change of an object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// The kind of the object.
    pub subject: AuditSubject,
    /// The id of the object.
    pub id: String,
    /// The kind of change.
    pub action: Action,
    /// The names of the changed fields.
    pub fields: Vec<String>,
}

/// A change with its author and time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// The time.
    pub at: Timestamp,
    /// The id of the API key that made the change.
    pub key_id: String,
    /// The change.
    pub change: Change,
}
