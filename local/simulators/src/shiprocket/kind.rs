//! The kinds of orders, each with a call of its own that makes it.

use crate::ways::Direction;

/// Which of the three calls made the order.
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
