//! The dependencies of flows that call aggregators.

use crate::aggregators::call::AggregatorCall;
use crate::clock;
use crate::domain::account::LogisticAccount;
use crate::flows::failure::FlowFailure;
use crate::flows::refused_credentials;
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

    /// The failure of a call to an account's aggregator, for the caller; recorded if its credentials were refused.
    pub(super) async fn failed(
        &self,
        account: &LogisticAccount,
        failure: PartnerFailure,
    ) -> FlowFailure {
        let failure = FlowFailure::of(&account.aggregator, failure);
        self.noted(account, failure).await
    }

    /// The failure of work with an account; recorded if its credentials were refused.
    pub(super) async fn noted(
        &self,
        account: &LogisticAccount,
        failure: FlowFailure,
    ) -> FlowFailure {
        if matches!(failure, FlowFailure::BadCredentials) {
            refused_credentials::note(&self.sessions, account.as_partner()).await;
        }
        failure
    }
}
