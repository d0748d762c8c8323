//! What the flows that deal with aggregators need.

use crate::aggregators::call::AggregatorCall;
use crate::clock;
use crate::domain::account::LogisticAccount;
use crate::outbound::client::Outbound;
use crate::partners::call::Deadline;
use crate::store::booking::sessions::Sessions;
use crate::store::booking::shipments::Shipments;
use crate::store::configuring::accounts::Accounts;
use crate::store::configuring::audit::AuditLog;

/// Accounts, claims and the way to aggregators.
#[derive(Debug)]
pub struct BookingDependencies {
    /// The accounts.
    pub accounts: Accounts,
    /// The shipments and their claims.
    pub shipments: Shipments,
    /// The sessions at aggregators.
    pub sessions: Sessions,
    /// The way out.
    pub outbound: Outbound,
}

/// What booking needs: all that other work with aggregators does, and the audit of what it leaves there.
#[derive(Debug)]
pub struct PurchaseDependencies {
    /// Accounts, claims and the way to aggregators.
    pub booking: BookingDependencies,
    /// Where it is recorded what stays at an aggregator.
    pub audit: AuditLog,
}

impl BookingDependencies {
    /// One piece of work for an account.
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
