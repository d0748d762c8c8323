//! What the warehouse says about an order.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What happened to an order in the warehouse.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum FulfilmentEvent {
    /// Goods left the warehouse (post goods issue).
    GoodsIssued,
    /// The order has this status.
    Status {
        /// Its code.
        code: String,
    },
}

/// An event with its time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DatedFulfilmentEvent {
    /// When it happened; if that is not known, when RMS learned of it.
    pub at: Timestamp,
    /// What tells it from other events of the order: the end of its key.
    pub identity: String,
    /// What happened.
    pub event: FulfilmentEvent,
}
