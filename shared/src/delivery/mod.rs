//! What follows an attempt to deliver a message: [`policy`] decides, [`successes`] tells what else was taken.
//!
//! Order, isolation and waiting are the queue's affair; what was tried is the store's.

mod http_date;
pub mod policy;
pub mod successes;
