//! The dependencies of return orders.

use crate::config;
use crate::flows::returning::process_return::ProcessingDependencies;
use crate::store::returning::return_index::ReturnIndex;
use crate::store::returning::return_orders::ReturnOrders;
use crate::wiring::{Start, WiringFailure};

impl Start {
    /// The dependencies of taking the results of a return order. They open no secrets.
    pub fn return_processing(&self) -> Result<ProcessingDependencies, WiringFailure> {
        Ok(ProcessingDependencies {
            returns: self.return_orders()?,
            publishing: self.publishing()?,
        })
    }

    /// The return orders with their events.
    pub fn return_orders(&self) -> Result<ReturnOrders, WiringFailure> {
        self.table(config::RETURN_ORDERS_TABLE, ReturnOrders::new)
    }

    /// The lists of return orders.
    pub fn return_index(&self) -> Result<ReturnIndex, WiringFailure> {
        self.table(config::RETURN_ORDERS_TABLE, ReturnIndex::new)
    }
}
