//! The dependencies of booking: accounts with their secrets, claims, sessions and the transport to aggregators.

use crate::config;
use crate::flows::booking::dependencies::{BookingDependencies, PurchaseDependencies};
use crate::store::booking::account_standings::UntoldStandings;
use crate::store::booking::sessions::Sessions;
use crate::store::booking::shipments::Shipments;
use crate::wiring::{Start, WiringFailure};

impl Start {
    /// Accounts, claims and the transport to aggregators.
    pub fn booking(&self) -> Result<BookingDependencies, WiringFailure> {
        Ok(BookingDependencies {
            accounts: self.accounts_with_secrets()?,
            shipments: self.shipments()?,
            sessions: self.sessions()?,
            outbound: self.outbound()?,
        })
    }

    /// The same with the audit log for orders that remain at an aggregator.
    pub fn purchase(&self) -> Result<PurchaseDependencies, WiringFailure> {
        Ok(PurchaseDependencies {
            booking: self.booking()?,
            audit: self.audit()?,
        })
    }

    /// The shipments and their claims.
    pub fn shipments(&self) -> Result<Shipments, WiringFailure> {
        self.table(config::SHIPMENTS_TABLE, Shipments::new)
    }

    /// The accounts that partners refuse, of which operators were not told yet.
    pub fn untold_standings(&self) -> Result<UntoldStandings, WiringFailure> {
        self.table(config::SESSIONS_TABLE, UntoldStandings::new)
    }

    /// The sessions with aggregators.
    pub fn sessions(&self) -> Result<Sessions, WiringFailure> {
        let vault = self.vault()?;
        self.table(config::SESSIONS_TABLE, |client, table| {
            Sessions::new(client, table, vault)
        })
    }
}
