//! What sales channels tell and keep: prove their webhooks, keep what they say about orders, and tell the client what changed;
//! read their requests for returns, and make return orders of them; read and change their orders.

pub mod change_order;
pub mod channel_desk;
pub mod dependencies;
mod keep_return;
pub mod make_manifest;
pub mod poll_orders;
pub mod poll_returns;
mod polled_accounts;
pub mod prove_hook;
pub mod read_orders;
pub mod read_return;
pub mod receive_hook;
mod receive_order;
pub mod set_stock;
