//! Buying, end to end: the functions' binaries behind the gateway, with a simulator as the aggregator.
//!
//! Every test has its own stack, so that no other test consumes its faults or books its orders.

mod access;
mod bad_input;
mod bad_values;
mod couriers;
mod crash;
mod faults;
mod label;
mod once;
mod return_awb;
mod routes;
pub(crate) mod samples;
mod settle;
mod silence;
mod world;
