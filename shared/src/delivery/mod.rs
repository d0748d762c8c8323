//! Delivering one notification to one endpoint: [`policy`] decides, [`signature`] signs, [`attempt`] sends.
//!
//! Order, isolation and waiting are the queue's affair; what was tried is the store's.

pub mod attempt;
mod http_date;
pub mod policy;
pub mod signature;
pub mod successes;
#[cfg(test)]
mod tests;
