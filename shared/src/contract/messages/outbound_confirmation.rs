//! The body of an `OUTBOUND_CONFIRMATION` (docs/webhooks.md).

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::fulfilling::outbound_order::OmsResult;

/// The result of an outbound order in the OMS.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = OutboundConfirmation)]
pub struct OutboundConfirmationBody {
    /// The key of its group.
    #[schema(example = "019a8f0e6c1c7d3b9c552f1d4f0f7a10-SO-1001")]
    pub group_key: String,
    /// The number of the order.
    #[schema(example = "SO-1001")]
    pub so_number: String,
    /// The result.
    pub status: OutboundStatus,
    /// Why the OMS did not create the order; null if it did, or did not answer in time.
    pub error: Option<String>,
}

/// The results of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, strum::Display, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum OutboundStatus {
    /// The OMS created the order.
    Confirmed,
    /// The OMS did not create it.
    Failed,
    /// The OMS did not answer in time. A result may still follow, in another message.
    Unconfirmed,
}

impl From<&OmsResult> for OutboundStatus {
    fn from(result: &OmsResult) -> Self {
        match result {
            OmsResult::Confirmed => Self::Confirmed,
            OmsResult::Failed(_) => Self::Failed,
        }
    }
}
