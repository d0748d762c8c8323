//! The audit log of configuration changes: names of fields, never their values.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The kinds of configured objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AuditSubject {
    /// A logistic account, by its alias.
    LogisticAccount,
    /// A channel account, by its alias.
    ChannelAccount,
    /// A webhook endpoint, by its id.
    WebhookEndpoint,
    /// An API key, by its id.
    ApiKey,
    /// An order, by the client's order number.
    Order,
    /// A one-time link to the console, by its id.
    ConsoleLink,
    /// A session of the console, by the id of the API key that it is of.
    ConsoleSession,
}

/// The kind of change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schema(as = ChangeAction)]
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
    /// Its order number was used for another order, and the aggregator refused to cancel what a refused request had
    /// left.
    Left,
    /// A one-time link was opened.
    Opened,
    /// A one-time link was opened again, or too late.
    Refused,
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
    /// The aggregator's ids of the orders that remain there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_orders: Vec<String>,
}

impl Change {
    /// A change of one object, without any fields.
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
