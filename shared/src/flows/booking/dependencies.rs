//! The dependencies of flows that call aggregators.

use std::future::Future;

use crate::aggregators::LookUp;
use crate::aggregators::call::AggregatorCall;
use crate::clock;
use crate::domain::account::LogisticAccount;
use crate::flows::account_standing::{noted, noted_if};
use crate::outbound::client::Outbound;
use crate::partners::call::Deadline;
use crate::partners::failure::PartnerFailure;
use crate::store::booking::sessions::Sessions;
use crate::store::booking::shipments::Shipments;
use crate::store::configuring::accounts::Accounts;
use crate::store::configuring::audit::AuditLog;

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

/// The dependencies of booking: those of other work with aggregators, and the audit log for orders that remain there.
#[derive(Debug)]
pub struct PurchaseDependencies {
    /// Accounts, claims and access to aggregators.
    pub booking: BookingDependencies,
    /// The audit log, for orders that remain at an aggregator.
    pub audit: AuditLog,
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

    /// Makes calls for an account, and notes whether its credentials were taken.
    pub(super) async fn noted<T>(
        &self,
        account: &LogisticAccount,
        calls: impl Future<Output = Result<T, PartnerFailure>>,
    ) -> Result<T, PartnerFailure> {
        noted(&self.sessions, account.as_partner(), calls).await
    }

    /// The same for a look-up. Without a result it proves nothing: there may have been no call.
    pub(super) async fn noted_look_up(
        &self,
        account: &LogisticAccount,
        look_up: impl Future<Output = Result<LookUp, PartnerFailure>>,
    ) -> Result<LookUp, PartnerFailure> {
        let is_proof = |found: &LookUp| !matches!(found, LookUp::CannotTell);
        noted_if(&self.sessions, account.as_partner(), is_proof, look_up).await
    }
}
