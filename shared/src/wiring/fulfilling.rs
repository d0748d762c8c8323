//! The dependencies of outbound orders.

use crate::config;
use crate::flows::fulfilling::dependencies::{DueDependencies, OutboundDependencies};
use crate::flows::fulfilling::record_report::ReportDependencies;
use crate::store::fulfilling::due_orders::DueOrders;
use crate::store::fulfilling::outbound_index::OutboundIndex;
use crate::store::fulfilling::outbound_orders::OutboundOrders;
use crate::store::fulfilling::reports::Reports;
use crate::wiring::{Start, WiringFailure};

impl Start {
    /// The dependencies of the routes of outbound orders. They open no secrets.
    pub fn fulfilling(&self) -> Result<OutboundDependencies, WiringFailure> {
        Ok(OutboundDependencies {
            orders: self.outbound_orders()?,
            index: self.outbound_index()?,
            accounts: self.accounts_without_secrets()?,
            publishing: self.publishing()?,
        })
    }

    /// The dependencies of telling what was not confirmed in time. They open no secrets.
    pub fn due_orders(&self) -> Result<DueDependencies, WiringFailure> {
        Ok(DueDependencies {
            orders: self.outbound_orders()?,
            due: self.table(config::OUTBOUND_ORDERS_TABLE, DueOrders::new)?,
            publishing: self.publishing()?,
        })
    }

    /// The outbound orders with what the warehouse says about them.
    pub fn outbound_orders(&self) -> Result<OutboundOrders, WiringFailure> {
        self.table(config::OUTBOUND_ORDERS_TABLE, OutboundOrders::new)
    }

    /// The lists of outbound orders.
    pub fn outbound_index(&self) -> Result<OutboundIndex, WiringFailure> {
        self.table(config::OUTBOUND_ORDERS_TABLE, OutboundIndex::new)
    }

    /// The dependencies of recording what a warehouse reports. They open no secrets.
    pub fn warehouse_reports(&self) -> Result<ReportDependencies, WiringFailure> {
        Ok(ReportDependencies {
            orders: self.outbound_orders()?,
            index: self.outbound_index()?,
            reports: self.table(config::OUTBOUND_ORDERS_TABLE, Reports::new)?,
            accounts: self.accounts_without_secrets()?,
            publishing: self.publishing()?,
        })
    }
}
