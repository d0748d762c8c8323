//! What the flows of outbound orders depend on.

use jiff::Timestamp;

use crate::domain::text::{ClientId, RequestId};
use crate::flows::messaging::publish_message::PublishDependencies;
use crate::store::configuring::accounts::Accounts;
use crate::store::fulfilling::due_orders::DueOrders;
use crate::store::fulfilling::outbound_index::OutboundIndex;
use crate::store::fulfilling::outbound_orders::OutboundOrders;

/// The dependencies of the routes of outbound orders.
#[derive(Debug)]
pub struct OutboundDependencies {
    /// The orders.
    pub orders: OutboundOrders,
    /// Their lists.
    pub index: OutboundIndex,
    /// The accounts, of which one says how long the OMS has.
    pub accounts: Accounts,
    /// The messages and their endpoints.
    pub publishing: PublishDependencies,
}

/// The dependencies of telling what was not confirmed in time.
#[derive(Debug)]
pub struct DueDependencies {
    /// The orders.
    pub orders: OutboundOrders,
    /// Those about which something is to be told.
    pub due: DueOrders,
    /// The messages and their endpoints.
    pub publishing: PublishDependencies,
}

/// A request of a client's system.
#[derive(Debug, Clone, Copy)]
pub struct FulfilmentRequest<'a> {
    /// The dependencies.
    pub dependencies: &'a OutboundDependencies,
    /// The client.
    pub client_id: &'a ClientId,
    /// The id of the request.
    pub request_id: &'a RequestId,
    /// The time.
    pub now: Timestamp,
}
