//! What sales channels tell: prove their webhooks, keep what they say about orders, and tell the client what changed;
//! read their requests for returns, and make return orders of them.

pub mod dependencies;
mod keep_return;
pub mod poll_returns;
pub mod prove_hook;
pub mod read_return;
pub mod receive_hook;
mod receive_order;
