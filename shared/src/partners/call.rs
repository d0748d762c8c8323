//! One piece of work at a partner: for whom, by which way, and until when.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use crate::domain::account::PartnerAccount;
use crate::outbound::client::Outbound;
use crate::partners::session::KeepsSessions;

/// What every call to a partner needs. What only one kind of account has stands beside it, in that kind's own call.
#[derive(Debug, Clone, Copy)]
pub struct PartnerCall<'a> {
    /// Whose credentials and URLs to use.
    pub account: PartnerAccount<'a>,
    /// The way out.
    pub outbound: &'a Outbound,
    /// The tokens of partners that require a log-in.
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
