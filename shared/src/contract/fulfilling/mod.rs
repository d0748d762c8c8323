//! The routes of fulfilment: requests and answers in the provider's names.

pub mod goods_issue;
pub mod order_status;
pub mod recorded;
pub mod warehouse_values;
