//! Changes of configuration as they are listed.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::audit::{Action, AuditEntry, AuditSubject};

/// A page of changes, the newest first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Changes)]
pub struct ChangesBody {
    /// The changes.
    pub changes: Vec<ChangeBody>,
    /// Give it as `cursor` for the next page; null at the end.
    pub cursor: Option<String>,
}

/// Who changed what, and when.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Change)]
pub struct ChangeBody {
    /// When.
    #[schema(value_type = String, format = "date-time")]
    pub at: Timestamp,
    /// The id of the API key that did it.
    pub key_id: String,
    /// What kind of thing it is: `LOGISTIC_ACCOUNT`, `WEBHOOK_ENDPOINT`, `API_KEY` or `ORDER`.
    #[schema(value_type = String, example = "WEBHOOK_ENDPOINT")]
    pub subject: AuditSubject,
    /// Its alias, id or order number.
    pub id: String,
    /// What was done: `CREATED`, `CHANGED`, `DELETED`, `SECRET_ROTATED` or `RESUMED`; of an order `LEFT`: the
    /// aggregator refused to cancel what the refusal of an earlier request had left.
    #[schema(value_type = String, example = "CHANGED")]
    pub action: Action,
    /// The fields that have another value now; their names alone.
    pub fields: Vec<String>,
    /// Of an order: the aggregator's ids of what stays there.
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
