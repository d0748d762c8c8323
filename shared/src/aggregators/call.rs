//! One piece of work at an aggregator.

use std::time::Duration;

use jiff::Timestamp;

use crate::domain::account::LogisticAccount;
use crate::outbound::client::Outbound;
use crate::partners::call::{Deadline, PartnerCall};
use crate::partners::session::KeepsSessions;

/// What an adapter needs for one piece of work: the account, with what only logistic accounts have, and what its calls
/// need.
#[derive(Debug, Clone, Copy)]
pub struct AggregatorCall<'a> {
    /// Whose region, settings and warehouses to use.
    pub account: &'a LogisticAccount,
    /// What each call needs.
    pub partner: PartnerCall<'a>,
}

impl<'a> AggregatorCall<'a> {
    /// Work for an account, which must have ended at `deadline`.
    pub fn new(
        account: &'a LogisticAccount,
        outbound: &'a Outbound,
        sessions: &'a dyn KeepsSessions,
        deadline: Deadline,
        now: Timestamp,
    ) -> Self {
        Self {
            account,
            partner: PartnerCall {
                account: account.as_partner(),
                outbound,
                sessions,
                deadline,
                now,
            },
        }
    }

    /// The same work, with at most that much time.
    #[must_use]
    pub fn within(mut self, duration: Duration) -> Self {
        self.partner.deadline = self.partner.deadline.at_most(duration);
        self
    }
}
