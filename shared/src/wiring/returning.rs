//! The dependencies of return orders.

use crate::config;
use crate::flows::returning::dependencies::ReturnDependencies;
use crate::flows::returning::process_return::ProcessingDependencies;
use crate::store::returning::return_index::ReturnIndex;
use crate::store::returning::return_orders::ReturnOrders;
use crate::wiring::{Start, WiringFailure};

impl Start {
    /// The dependencies of taking the results of a return order. They open no secrets.
    pub fn return_processing(&self) -> Result<ProcessingDependencies, WiringFailure> {
        Ok(ProcessingDependencies {
            returns: self.return_orders()?,
            shipments: self.shipments()?,
            history: self.history()?,
            versions: self.versions()?,
            publishing: self.publishing()?,
        })
    }

    /// The dependencies of return orders.
    pub fn returning(&self) -> Result<ReturnDependencies, WiringFailure> {
        Ok(ReturnDependencies {
            returns: self.return_orders()?,
            index: self.return_index()?,
            purchase: self.purchase()?,
            endpoints: self.endpoints_without_secrets()?,
            versions: self.versions()?,
            notifications: self.notifications()?,
            history: self.history()?,
            queue: self.sender(config::DELIVERY_QUEUE_URL)?,
            ttl_days: self.variables.required_as(config::NOTIFICATION_TTL_DAYS)?,
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
