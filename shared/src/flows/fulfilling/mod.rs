//! Outbound orders: accepts them, takes the OMS's results, tells what was not confirmed in time, and shows them.

pub mod accept_orders;
pub mod confirm_orders;
pub mod dependencies;
pub mod list_orders;
pub mod record_report;
pub mod tell_due;
