//! The dependencies of outbound orders.

use crate::config;
use crate::store::fulfilling::outbound_index::OutboundIndex;
use crate::store::fulfilling::outbound_orders::OutboundOrders;
use crate::wiring::{Start, WiringFailure};

impl Start {
    /// The outbound orders with what the warehouse says about them.
    pub fn outbound_orders(&self) -> Result<OutboundOrders, WiringFailure> {
        self.table(config::OUTBOUND_ORDERS_TABLE, OutboundOrders::new)
    }

    /// The lists of outbound orders.
    pub fn outbound_index(&self) -> Result<OutboundIndex, WiringFailure> {
        self.table(config::OUTBOUND_ORDERS_TABLE, OutboundIndex::new)
    }
}
