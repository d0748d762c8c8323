//! Buying, end to end: the functions' own binaries behind the gateway, with the aggregator played by its simulator.
//!
//! Every test has a stack of its own, so that nobody else consumes its faults or books its orders.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "the helpers of these tests fail like the tests themselves"
)]

mod access;
mod answer;
mod bad_input;
mod couriers;
mod crash;
mod faults;
mod label;
mod once;
mod return_awb;
mod routes;
mod samples;
mod settle;
mod silence;
mod world;
