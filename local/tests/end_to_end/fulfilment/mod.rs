//! Fulfilment: sales orders, and what a warehouse reports about them.

mod killed_reports;
mod reports;
