//! Buying, end to end: the functions' own binaries behind the gateway, with the aggregator played by its simulator.
//!
//! Every test has a stack of its own, so that nobody else consumes its faults or books its orders.

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
