//! Storage of outbound orders.

pub mod due_orders;
pub mod order_changes;
pub mod order_item;
pub mod outbound_index;
pub mod outbound_orders;
pub mod reports;
