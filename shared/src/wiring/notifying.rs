//! The dependencies of pushes and their readers: push verification, the notifications and the queue.

use crate::config;
use crate::flows::messaging::tell_operator::ToldEvents;
use crate::flows::notifying::dependencies::PushDependencies;
use crate::flows::notifying::find_notifications::SearchDependencies;
use crate::flows::notifying::find_unmapped::UnmappedDependencies;
use crate::flows::notifying::replay_unmapped::ReplayDependencies;
use crate::store::booking::shipments::Shipments;
use crate::store::configuring::push_credentials::PushCredentials;
use crate::store::configuring::push_owners::PushOwners;
use crate::store::notifying::exceptions::ExceptionIndex;
use crate::store::notifying::notifications::Notifications;
use crate::store::notifying::unmapped::UnmappedIndex;
use crate::wiring::{Start, WiringFailure};

impl Start {
    /// The dependencies of verifying, storing and sending a push. They open no secrets.
    pub fn push(&self) -> Result<PushDependencies, WiringFailure> {
        // A large push stores many items side by side.
        let gathering = self.dynamodb.gathering();
        let credentials = self.push_credentials()?;
        let accounts = self.accounts_without_secrets()?;
        Ok(PushDependencies {
            owners: PushOwners::new(credentials, accounts),
            endpoints: self.endpoints_without_secrets()?,
            versions: self.versions()?,
            shipments: self.table_by(&gathering, config::SHIPMENTS_TABLE, Shipments::new)?,
            returns: self.return_orders()?,
            notifications: self.table_by(
                &gathering,
                config::NOTIFICATIONS_TABLE,
                Notifications::new,
            )?,
            messages: self.messages()?,
            queue: self.sender(config::DELIVERY_QUEUE_URL)?,
            ttl_days: self.variables.required_as(config::NOTIFICATION_TTL_DAYS)?,
            told: ToldEvents::default(),
            statistics: self.statistics()?,
        })
    }

    /// The dependencies of searching notifications and deliveries.
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

    /// The notifications whose status code is not mapped to a notification type.
    pub fn unmapped(&self) -> Result<UnmappedIndex, WiringFailure> {
        self.table(config::NOTIFICATIONS_TABLE, UnmappedIndex::new)
    }

    /// The codes that are not mapped, with their examples.
    pub fn unmapped_codes(&self) -> Result<UnmappedDependencies, WiringFailure> {
        Ok(UnmappedDependencies {
            accounts: self.accounts_without_secrets()?,
            index: self.unmapped()?,
            notifications: self.notifications()?,
        })
    }

    /// What translates unmapped notifications and sends them. It opens no secrets.
    pub fn replay(&self) -> Result<ReplayDependencies, WiringFailure> {
        Ok(ReplayDependencies {
            accounts: self.accounts_without_secrets()?,
            endpoints: self.endpoints_without_secrets()?,
            versions: self.versions()?,
            shipments: self.shipments()?,
            returns: self.return_orders()?,
            notifications: self.notifications()?,
            index: self.unmapped()?,
            queue: self.sender(config::DELIVERY_QUEUE_URL)?,
            ttl_days: self.variables.required_as(config::NOTIFICATION_TTL_DAYS)?,
        })
    }

    /// The notifications about delivery exceptions.
    pub fn exceptions(&self) -> Result<ExceptionIndex, WiringFailure> {
        self.table(config::NOTIFICATIONS_TABLE, ExceptionIndex::new)
    }

    pub(super) fn push_credentials(&self) -> Result<PushCredentials, WiringFailure> {
        self.table(config::PUSH_CREDENTIALS_TABLE, PushCredentials::new)
    }
}
