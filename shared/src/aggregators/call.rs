//! The context of a call to an aggregator.

use std::time::Duration;

use jiff::Timestamp;

use crate::domain::account::LogisticAccount;
use crate::outbound::client::Outbound;
use crate::partners::call::{Deadline, PartnerCall};
use crate::partners::session::KeepsSessions;

/// What an adapter needs for a call: the logistic account, and the data of any partner call.
#[derive(Debug, Clone, Copy)]
pub struct AggregatorCall<'a> {
    /// The account, with its region, settings and warehouses.
    pub account: &'a LogisticAccount,
    /// The data of any partner call.
    pub partner: PartnerCall<'a>,
}

impl<'a> AggregatorCall<'a> {
    /// A call for an account that must end at `deadline`.
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

    /// The same call with an earlier deadline: `duration` from now.
    #[must_use]
    pub fn within(mut self, duration: Duration) -> Self {
        self.partner.deadline = self.partner.deadline.at_most(duration);
        self
    }
}
