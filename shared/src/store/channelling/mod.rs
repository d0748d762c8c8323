//! Storage of what sales channels tell.

pub mod channel_orders;
pub mod manifests;
pub mod order_claims;
pub mod order_polls;
mod poll_table;
pub mod return_polls;
pub mod told_orders;
