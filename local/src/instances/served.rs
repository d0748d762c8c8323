//! What a function's invocations would be billed for.

use std::time::Duration;

/// Invocations that ended, well or badly; starts are not in it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Served {
    /// How many.
    pub invocations: u64,
    /// Their wall time: a started millisecond is billed as a whole one.
    pub billed_ms: u128,
}

impl Served {
    pub(super) fn add(&mut self, wall: Duration) {
        self.invocations += 1;
        self.billed_ms += wall.as_micros().div_ceil(1000);
    }

    /// What was served after `earlier`.
    #[must_use]
    pub fn since(self, earlier: Self) -> Self {
        Self {
            invocations: self.invocations - earlier.invocations,
            billed_ms: self.billed_ms - earlier.billed_ms,
        }
    }
}
