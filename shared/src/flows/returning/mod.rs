//! Return orders: create, read, list and cancel them, learn their AWBs, and take the results of the warehouse.

mod announce;
pub mod assign_awb;
mod buy_awb;
pub mod cancel_return;
pub mod create_return;
pub mod dependencies;
pub mod get_return;
pub mod list_returns;
pub mod note_unmapped;
mod parcel;
pub mod process_return;
pub mod read_return;
