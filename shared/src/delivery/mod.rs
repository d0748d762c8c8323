//! What happens after a delivery attempt: [`policy`] decides, [`successes`] tracks which other deliveries succeeded, and
//! [`under_way`] which are being attempted.
//!
//! The queue handles order, isolation and waiting; the store records the attempts.

mod http_date;
pub mod policy;
pub mod successes;
pub mod under_way;
