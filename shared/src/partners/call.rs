//! One piece of work at a partner: for whom, by which way, and until when.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use crate::domain::account::LogisticAccount;
use crate::outbound::client::Outbound;
use crate::partners::session::KeepsSessions;

/// What an adapter needs for one piece of work.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// Whose credentials, URLs and settings to use.
    pub account: &'a LogisticAccount,
    /// The way out.
    pub outbound: &'a Outbound,
    /// The tokens of aggregators that want a log-in.
    pub sessions: &'a dyn KeepsSessions,
    /// When the work must have ended.
    pub deadline: Deadline,
    /// The present time.
    pub now: Timestamp,
}

/// The moment by which a piece of work must have ended.
#[derive(Debug, Clone, Copy)]
pub struct Deadline(Instant);

impl Deadline {
    /// A deadline that far from now.
    pub fn after(duration: Duration) -> Self {
        Self(Instant::now() + duration)
    }

    /// What is left.
    pub fn remaining(self) -> Duration {
        self.0.saturating_duration_since(Instant::now())
    }

    /// The same deadline, or that far from now if that is earlier.
    #[must_use]
    pub fn at_most(self, duration: Duration) -> Self {
        Self(self.0.min(Instant::now() + duration))
    }
}
