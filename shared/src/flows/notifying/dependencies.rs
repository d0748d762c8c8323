//! What taking pushes in needs.

use crate::queue::sender::Sender;
use crate::store::booking::shipments::Shipments;
use crate::store::configuration_versions::ConfigurationVersions;
use crate::store::configuring::endpoints::Endpoints;
use crate::store::configuring::push_owners::PushOwners;
use crate::store::notifying::notifications::Notifications;

/// What taking a push in needs.
#[derive(Debug)]
pub struct PushDependencies {
    /// The credentials that prove pushes, with the accounts that they belong to.
    pub owners: PushOwners,
    /// The endpoints that want notifications.
    pub endpoints: Endpoints,
    /// The versions as of which an instance may remember accounts and endpoints.
    pub versions: ConfigurationVersions,
    /// The shipments that pushes are about.
    pub shipments: Shipments,
    /// Where notifications are stored.
    pub notifications: Notifications,
    /// The delivery queue.
    pub queue: Sender,
    /// How long notifications are kept, in days; 0 keeps them for ever.
    pub ttl_days: u32,
}
