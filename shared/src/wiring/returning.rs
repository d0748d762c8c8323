//! The dependencies of return orders.

use crate::config;
use crate::store::returning::return_index::ReturnIndex;
use crate::store::returning::return_orders::ReturnOrders;
use crate::wiring::{Start, WiringFailure};

impl Start {
    /// The return orders with their events.
    pub fn return_orders(&self) -> Result<ReturnOrders, WiringFailure> {
        self.table(config::RETURN_ORDERS_TABLE, ReturnOrders::new)
    }

    /// The lists of return orders.
    pub fn return_index(&self) -> Result<ReturnIndex, WiringFailure> {
        self.table(config::RETURN_ORDERS_TABLE, ReturnIndex::new)
    }
}
