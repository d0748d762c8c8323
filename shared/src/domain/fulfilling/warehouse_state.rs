//! How far a warehouse is with a sales order: the states, the codes that lead to them, and which of several counts.
//!
//! The time of each report decides, not the order of arrival: the latest report is the state. A cancelled or closed order
//! stays so, whatever is reported for a later time.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A state of a sales order in the warehouse, in the order of the work.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    strum::Display,
    strum::EnumString,
    strum::EnumIter,
    strum::EnumMessage,
    utoipa::ToSchema,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum WarehouseState {
    /// The warehouse has the order.
    Created,
    /// Stock is allocated for some of the pieces.
    PartlyAllocated,
    /// Stock is allocated for all pieces.
    Allocated,
    /// Some of the pieces are picked.
    PartlyPicked,
    /// All pieces are picked.
    Picked,
    /// Some of the pieces are in cartons.
    PartlyCartonized,
    /// All pieces are in cartons.
    Cartonized,
    /// Some of the cartons are loaded.
    PartlyLoaded,
    /// All cartons are loaded.
    Loaded,
    /// The goods were issued (PGI).
    GoodsIssued,
    /// Some of the pieces are shipped.
    PartlyShipped,
    /// All pieces are shipped.
    Shipped,
    /// The order was cancelled.
    Cancelled,
    /// The order is closed: nothing follows.
    Closed,
}

/// Every status code, in ascending order.
const CODES: [(&str, WarehouseState); 13] = [
    ("00", WarehouseState::Created),
    ("30", WarehouseState::PartlyAllocated),
    ("40", WarehouseState::Allocated),
    ("50", WarehouseState::PartlyPicked),
    ("60", WarehouseState::Picked),
    ("62", WarehouseState::PartlyCartonized),
    ("63", WarehouseState::Cartonized),
    ("65", WarehouseState::PartlyLoaded),
    ("66", WarehouseState::Loaded),
    ("70", WarehouseState::PartlyShipped),
    ("80", WarehouseState::Shipped),
    ("90", WarehouseState::Cancelled),
    ("99", WarehouseState::Closed),
];

impl WarehouseState {
    /// The state that a status code leads to; `None` for an unknown code. There are no ranges: a code between two known ones
    /// is unknown.
    pub fn of_code(code: &str) -> Option<Self> {
        let mut codes = CODES.iter();
        codes.find_map(|(known, state)| (*known == code).then_some(*state))
    }

    /// Whether nothing can follow.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Cancelled | Self::Closed)
    }
}

/// A state, and the time for which it was reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportedState {
    /// The state.
    pub state: WarehouseState,
    /// The time: the report's own, or that of its arrival if it has no readable one.
    pub at: Timestamp,
}

impl ReportedState {
    /// Which of two reports is the state. It does not matter which one arrived first.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        let (one, two) = (self.order(), other.order());
        let is_first = match (self.state.is_final(), other.state.is_final()) {
            (true, false) => true,
            (false, true) => false,
            // Of two ends the earlier one is the end.
            (true, true) => one <= two,
            (false, false) => one >= two,
        };
        if is_first { self } else { other }
    }

    /// The times have no fractions of a second: of two reports for the same second the further one counts.
    fn order(self) -> (Timestamp, WarehouseState) {
        (self.at, self.state)
    }
}

#[cfg(test)]
mod tests;
