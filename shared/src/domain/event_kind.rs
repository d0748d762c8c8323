//! What a pushed event is: news, a test of the URL, or something that cannot be read.

use serde::{Deserialize, Serialize};

/// What a pushed event is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventKind {
    /// News about a shipment.
    News,
    /// The sample that the aggregator's panel sends to test the push URL, by its documented marks. It is news nevertheless
    /// if it is about a shipment that RMS booked.
    Sample,
    /// An entry of a batch that names no status or no shipment.
    Unreadable(Vec<UnreadField>),
}

/// Why an entry cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnreadField {
    /// The JSON pointer in the push.
    pub pointer: String,
    /// What is wrong.
    pub detail: String,
}

impl EventKind {
    /// Whether it is an entry that cannot be read.
    pub fn is_unreadable(&self) -> bool {
        matches!(self, Self::Unreadable(_))
    }

    /// Why it cannot be read; empty if it can.
    pub fn unread(&self) -> &[UnreadField] {
        match self {
            Self::News | Self::Sample => &[],
            Self::Unreadable(fields) => fields,
        }
    }
}
