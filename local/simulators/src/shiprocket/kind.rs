//! The kinds of orders, each created by its own call.

use crate::ways::Direction;

/// The call that created the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Domestic,
    International,
    Return,
}

impl Kind {
    pub(super) fn direction(self) -> Direction {
        match self {
            Self::Domestic | Self::International => Direction::Forward,
            Self::Return => Direction::Return,
        }
    }
}
