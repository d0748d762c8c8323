//! The list of configuration changes.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::audit::{Action, AuditEntry, AuditSubject};

/// A page of changes, newest first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Changes)]
pub struct ChangesBody {
    /// The changes.
    pub changes: Vec<ChangeBody>,
    /// The `cursor` for the next page; null at the end.
    pub cursor: Option<String>,
}

/// A configuration change.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Change)]
pub struct ChangeBody {
    /// The time.
    #[schema(value_type = String, format = "date-time")]
    pub at: Timestamp,
    /// The id of the API key that made the change.
    pub key_id: String,
    /// The kind of object.
    pub subject: AuditSubject,
    /// The object's alias, id or order number.
    pub id: String,
    /// The kind of change. For an order it is `LEFT`: the aggregator refused to cancel an order that a refused earlier
    /// request had left behind.
    pub action: Action,
    /// The names of the changed fields, without values.
    pub fields: Vec<String>,
    /// For an order: the aggregator's ids of the orders that remain there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub left_orders: Vec<String>,
}

impl From<AuditEntry> for ChangeBody {
    fn from(entry: AuditEntry) -> Self {
        Self {
            at: entry.at,
            key_id: entry.key_id,
            subject: entry.change.subject,
            id: entry.change.id,
            action: entry.change.action,
            fields: entry.change.fields,
            left_orders: entry.change.left_orders,
        }
    }
}
