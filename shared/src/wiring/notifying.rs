//! What pushes and their readers use: the proofs of pushes, the notifications and the way into the queue.

use crate::config;
use crate::flows::notifying::dependencies::PushDependencies;
use crate::flows::notifying::find_notifications::SearchDependencies;
use crate::store::configuring::push_credentials::PushCredentials;
use crate::store::configuring::push_owners::PushOwners;
use crate::store::notifying::notifications::Notifications;
use crate::store::notifying::unmapped::UnmappedIndex;
use crate::wiring::{Start, WiringFailure};

impl Start {
    /// What a push is proved by, stored in and sent on with. It opens no secret.
    pub fn push(&self) -> Result<PushDependencies, WiringFailure> {
        let credentials = self.push_credentials()?;
        let accounts = self.accounts_without_secrets()?;
        Ok(PushDependencies {
            owners: PushOwners::new(credentials, accounts),
            endpoints: self.endpoints_without_secrets()?,
            versions: self.versions()?,
            shipments: self.shipments()?,
            notifications: self.notifications()?,
            queue: self.sender(config::DELIVERY_QUEUE_URL)?,
            ttl_days: self.variables.required_as(config::NOTIFICATION_TTL_DAYS)?,
        })
    }

    /// What the search for notifications and deliveries reads.
    pub fn search(&self) -> Result<SearchDependencies, WiringFailure> {
        Ok(SearchDependencies {
            shipments: self.shipments()?,
            history: self.history()?,
            undelivered: self.undelivered()?,
            endpoints: self.endpoints_without_secrets()?,
            parked: self.parked()?,
        })
    }

    /// The notifications.
    pub fn notifications(&self) -> Result<Notifications, WiringFailure> {
        self.table(config::NOTIFICATIONS_TABLE, Notifications::new)
    }

    /// The notifications whose code has no notification type.
    pub fn unmapped(&self) -> Result<UnmappedIndex, WiringFailure> {
        self.table(config::NOTIFICATIONS_TABLE, UnmappedIndex::new)
    }

    pub(super) fn push_credentials(&self) -> Result<PushCredentials, WiringFailure> {
        self.table(config::PUSH_CREDENTIALS_TABLE, PushCredentials::new)
    }
}
