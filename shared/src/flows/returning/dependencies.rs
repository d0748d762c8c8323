//! The dependencies of return orders.

use jiff::Timestamp;

use crate::domain::client::Caller;
use crate::domain::text::RequestId;
use crate::flows::booking::dependencies::PurchaseDependencies;
use crate::queue::sender::Sender;
use crate::store::booking::shipments::Shipments;
use crate::store::configuration_versions::ConfigurationVersions;
use crate::store::configuring::endpoints::Endpoints;
use crate::store::messaging::history::History;
use crate::store::notifying::notifications::Notifications;
use crate::store::returning::return_index::ReturnIndex;
use crate::store::returning::return_orders::ReturnOrders;

/// The dependencies of return orders.
#[derive(Debug)]
pub struct ReturnDependencies {
    /// The return orders with their events.
    pub returns: ReturnOrders,
    /// Their lists.
    pub index: ReturnIndex,
    /// Accounts, claims and access to aggregators.
    pub purchase: PurchaseDependencies,
    /// The endpoints that subscribe to notifications.
    pub endpoints: Endpoints,
    /// The versions of clients' configurations, for cached endpoints.
    pub versions: ConfigurationVersions,
    /// The stored notifications.
    pub notifications: Notifications,
    /// Notifications without their bodies.
    pub history: History,
    /// The delivery queue.
    pub queue: Sender,
    /// How long notifications are kept, in days; 0 keeps them forever.
    pub ttl_days: u32,
}

/// A caller's request about a return order.
#[derive(Debug, Clone, Copy)]
pub struct ReturnRequest<'a> {
    /// The dependencies.
    pub dependencies: &'a ReturnDependencies,
    /// The caller.
    pub caller: &'a Caller,
    /// The request's id, which is passed on to its messages.
    pub request_id: &'a RequestId,
    /// When it came.
    pub now: Timestamp,
}

impl ReturnDependencies {
    /// The shipments and their claims.
    pub(super) fn shipments(&self) -> &Shipments {
        &self.purchase.booking.shipments
    }
}
