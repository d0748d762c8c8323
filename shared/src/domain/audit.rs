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
    /// An order, by the client's order number.
    Order,
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
    /// Its number was used for another order, and the aggregator refused to cancel what a refusal had left of it.
    Left,
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
    /// The aggregator's ids of the orders that stay there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_orders: Vec<String>,
}

impl Change {
    /// A change of one thing, without any fields.
    pub fn of(subject: AuditSubject, id: String, action: Action) -> Self {
        Self {
            subject,
            id,
            action,
            fields: Vec::new(),
            left_orders: Vec::new(),
        }
    }
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
