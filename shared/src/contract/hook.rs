//! The response to a channel's webhook.

use serde::Serialize;
use utoipa::ToSchema;

/// The response to a channel's webhook.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = HookAnswer)]
pub struct HookAnswerBody {
    /// What became of it.
    pub status: HookStatus,
    /// The id of the message that it caused, now or when it was received first; null if it caused none.
    pub message_id: Option<String>,
}

/// What became of a channel's webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum HookStatus {
    /// It changed the order, and the change is told.
    Accepted,
    /// It names a request for a return, which RMS reads from the channel next.
    Queued,
    /// It shows nothing that is told.
    Unchanged,
    /// A newer event of the order is known.
    Outdated,
    /// It was received before.
    Duplicate,
    /// RMS does not use this topic, or the account is disabled.
    Ignored,
}
