//! The dependencies of flows that call aggregators.

use crate::aggregators::call::AggregatorCall;
use crate::clock;
use crate::domain::account::LogisticAccount;
use crate::outbound::client::Outbound;
use crate::partners::call::Deadline;
use crate::store::booking::sessions::Sessions;
use crate::store::booking::shipments::Shipments;
use crate::store::configuring::accounts::Accounts;

/// Accounts, claims and the transport to aggregators.
#[derive(Debug)]
pub struct BookingDependencies {
    /// The accounts.
    pub accounts: Accounts,
    /// The shipments and their claims.
    pub shipments: Shipments,
    /// The sessions with aggregators.
    pub sessions: Sessions,
    /// The transport.
    pub outbound: Outbound,
}

impl BookingDependencies {
    /// A call for an account.
    pub fn call<'a>(
        &'a self,
        account: &'a LogisticAccount,
        deadline: Deadline,
    ) -> AggregatorCall<'a> {
        AggregatorCall::new(
            account,
            &self.outbound,
            &self.sessions,
            deadline,
            clock::now(),
        )
    }
}
