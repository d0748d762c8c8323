//! The stack for one machine: everything that AWS and the aggregators are in production, without either of them.

mod clock;
mod connection;
pub mod outbound;
pub mod simulators;
pub mod sink;
