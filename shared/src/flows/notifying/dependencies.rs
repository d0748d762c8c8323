//! The dependencies of receiving pushes.

use crate::queue::sender::Sender;
use crate::store::booking::shipments::Shipments;
use crate::store::configuring::accounts::Accounts;
use crate::store::configuring::endpoints::Endpoints;
use crate::store::configuring::push_credentials::PushCredentials;
use crate::store::notifying::notifications::Notifications;

/// The dependencies of receiving a push.
#[derive(Debug)]
pub struct PushDependencies {
    /// The push credentials.
    pub credentials: PushCredentials,
    /// The accounts of the credentials.
    pub accounts: Accounts,
    /// The endpoints that subscribe to notifications.
    pub endpoints: Endpoints,
    /// The shipments of pushes.
    pub shipments: Shipments,
    /// The stored notifications.
    pub notifications: Notifications,
    /// The delivery queue.
    pub queue: Sender,
    /// How long notifications are kept, in days; 0 keeps them forever.
    pub ttl_days: u32,
}
