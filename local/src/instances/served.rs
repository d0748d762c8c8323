//! The billable time of a function's invocations.

use std::time::Duration;

/// Completed invocations, successful or not; start times are not included.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Served {
    /// Number of invocations.
    pub invocations: u64,
    /// Their wall time; each is rounded up to a whole millisecond.
    pub billed_ms: u128,
}

impl Served {
    pub(super) fn add(&mut self, wall: Duration) {
        self.invocations += 1;
        self.billed_ms += wall.as_micros().div_ceil(1000);
    }

    /// The difference to `earlier`.
    #[must_use]
    pub fn since(self, earlier: Self) -> Self {
        Self {
            invocations: self.invocations - earlier.invocations,
            billed_ms: self.billed_ms - earlier.billed_ms,
        }
    }
}
