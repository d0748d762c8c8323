//! Return orders: create, read, list and cancel them, and learn their AWBs.

mod announce;
pub mod assign_awb;
mod buy_awb;
pub mod cancel_return;
pub mod create_return;
pub mod dependencies;
pub mod get_return;
pub mod list_returns;
mod parcel;
pub mod read_return;
