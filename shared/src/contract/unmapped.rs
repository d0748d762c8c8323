//! The list of status codes that are not mapped.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::domain::notification::NotificationType;

/// The status codes that are not mapped.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = UnmappedStatuses)]
pub struct UnmappedStatusesBody {
    /// The codes, by account; the one that was pushed last comes first. 100 at most.
    #[schema(max_items = 100)]
    pub unmapped_statuses: Vec<UnmappedStatusBody>,
    /// Null: all notifications are counted. Otherwise there were too many for one call, and those that arrived before this time
    /// are not counted; ask for them with `until`.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub counted_since: Option<Timestamp>,
    /// Whether there are more than 100 codes; ask for those of one account.
    pub is_more: bool,
}

/// A status code that is not mapped.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = UnmappedStatus)]
pub struct UnmappedStatusBody {
    /// The aggregator, or the channel whose request for a return shows the code.
    pub aggregator: String,
    /// The account that pushed it; null for a channel: its codes cannot be mapped.
    pub logistic_account_alias: Option<String>,
    /// The code, as `pushedType` of a notification shows it.
    pub code: String,
    /// The type that the account's `statusMappings` give to the code by now; null if they do not. What arrived before has it
    /// after a replay.
    pub notification_type: Option<NotificationType>,
    /// How many notifications are stored with it.
    #[schema(value_type = u64)]
    pub count: usize,
    /// When the first of them arrived.
    #[schema(value_type = String, format = "date-time")]
    pub first_seen_at: Timestamp,
    /// When the newest of them arrived.
    #[schema(value_type = String, format = "date-time")]
    pub last_seen_at: Timestamp,
    /// The newest of them.
    pub example: UnmappedExampleBody,
}

/// A notification with such a code.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = UnmappedExample)]
pub struct UnmappedExampleBody {
    /// Its id.
    pub notification_id: String,
    /// Its order.
    pub order_number: String,
    /// The original push, without credentials: JSON, or a string if it is not JSON. Null if the examples before it fill the
    /// response; `GET /notifications/{id}` has it.
    #[schema(value_type = Option<Object>)]
    pub raw: Option<Box<RawValue>>,
}
