//! The context of a call to a partner: account, transport and deadline.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use crate::domain::account::PartnerAccount;
use crate::outbound::client::Outbound;
use crate::partners::session::KeepsSessions;

/// What every call to a partner needs. Data of one kind of account is in that kind's own call.
#[derive(Debug, Clone, Copy)]
pub struct PartnerCall<'a> {
    /// The account with its credentials and URLs.
    pub account: PartnerAccount<'a>,
    /// The transport.
    pub outbound: &'a Outbound,
    /// The sessions of partners that require a login.
    pub sessions: &'a dyn KeepsSessions,
    /// The deadline of the work.
    pub deadline: Deadline,
    /// The current time.
    pub now: Timestamp,
}

/// The time by which work must end.
#[derive(Debug, Clone, Copy)]
pub struct Deadline(Instant);

impl Deadline {
    /// A deadline after this duration from now.
    pub fn after(duration: Duration) -> Self {
        Self(Instant::now() + duration)
    }

    /// The remaining time.
    pub fn remaining(self) -> Duration {
        self.0.saturating_duration_since(Instant::now())
    }

    /// The earlier of this deadline and `duration` from now.
    #[must_use]
    pub fn at_most(self, duration: Duration) -> Self {
        Self(self.0.min(Instant::now() + duration))
    }
}
