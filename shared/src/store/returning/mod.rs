//! Storage of return orders.

pub mod return_index;
pub mod return_orders;
