//! What happens after a delivery attempt: [`policy`] decides, [`successes`] tracks which other deliveries succeeded.
//!
//! The queue handles order, isolation and waiting; the store records the attempts.

mod http_date;
pub mod policy;
pub mod successes;
