//! What the warehouse says about an order.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::fulfilling::warehouse_report::ReportFlag;
use crate::domain::fulfilling::warehouse_state::WarehouseState;
use crate::domain::message::MessageKind;

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
    /// The time as it was written, if it could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written_time: Option<String>,
    /// What was unusual about the report.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<ReportFlag>,
}

impl FulfilmentEvent {
    /// The state that it leads to; `None` if its code is unknown.
    pub fn state(&self) -> Option<WarehouseState> {
        match self {
            Self::GoodsIssued => Some(WarehouseState::GoodsIssued),
            Self::Status { code } => WarehouseState::of_code(code),
        }
    }

    /// Its name in the order's history.
    pub fn name(&self) -> String {
        let state = self.state().map(|state| state.to_string());
        state.unwrap_or_else(|| format!("STATUS {}", self.code().unwrap_or_default()))
    }

    /// The code of the status, if it is one.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::GoodsIssued => None,
            Self::Status { code } => Some(code),
        }
    }

    /// The kind of message that forwards it.
    pub fn message_kind(&self) -> MessageKind {
        match self {
            Self::GoodsIssued => MessageKind::Pgi,
            Self::Status { .. } => MessageKind::OrderStatus,
        }
    }
}
