//! How the name of a booking at an aggregator is written.

use serde::{Deserialize, Serialize};

/// The form of a name's suffixes. A booking keeps the form with which it was claimed: its aggregator knows no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Naming {
    /// `+R`. Readers of Code 39 can take a `+` and the letter after it for a small letter.
    #[default]
    Plus,
    /// `-.R`, which only has characters that every reader of Code 39 takes as they are.
    Dash,
}

impl Naming {
    /// Whether it is the one of bookings that say nothing of it.
    pub fn is_plus(&self) -> bool {
        *self == Self::Plus
    }

    /// What is before a suffix.
    pub fn mark(self) -> &'static str {
        match self {
            Self::Plus => "+",
            Self::Dash => "-.",
        }
    }
}
