//! Return orders: what a client's channel and its warehouse do with them.

pub mod process_return;
