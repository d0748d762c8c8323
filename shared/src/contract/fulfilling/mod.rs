//! The bodies of the fulfilment routes, below `/v3/`. Their names are those of the provider of fulfilment.

pub mod accepted;
pub mod confirmation;
pub mod described;
pub mod goods_issue;
pub mod order_status;
pub mod outbound_order;
pub mod recorded;
pub mod shown;
pub mod warehouse_values;
