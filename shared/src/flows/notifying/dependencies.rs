//! The dependencies of receiving pushes.

use crate::flows::messaging::tell_operator::ToldEvents;
use crate::queue::sender::Sender;
use crate::store::booking::shipments::Shipments;
use crate::store::configuration_versions::ConfigurationVersions;
use crate::store::configuring::endpoints::Endpoints;
use crate::store::configuring::push_owners::PushOwners;
use crate::store::messaging::messages::Messages;
use crate::store::notifying::notifications::Notifications;
use crate::store::returning::return_orders::ReturnOrders;
use crate::store::statistics::Statistics;

/// The dependencies of receiving a push.
#[derive(Debug)]
pub struct PushDependencies {
    /// The push credentials with their accounts.
    pub owners: PushOwners,
    /// The endpoints that subscribe to notifications.
    pub endpoints: Endpoints,
    /// The versions of clients' configurations, for cached accounts and endpoints.
    pub versions: ConfigurationVersions,
    /// The shipments of pushes.
    pub shipments: Shipments,
    /// The return orders.
    pub returns: ReturnOrders,
    /// The stored notifications.
    pub notifications: Notifications,
    /// The pushes that are passed on as they came, in the same table.
    pub messages: Messages,
    /// The delivery queue.
    pub queue: Sender,
    /// How long notifications are kept, in days; 0 keeps them forever.
    pub ttl_days: u32,
    /// The events that operators were told.
    pub told: ToldEvents,
    /// The counts of what was accepted.
    pub statistics: Statistics,
}
