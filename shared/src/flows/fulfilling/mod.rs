//! Fulfilment: sales orders and what a warehouse says about them.

pub mod record_report;
