//! The simulators and the sink over HTTP. One binary, so that it is linked once.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "test helpers may panic like tests"
)]

mod clickpost;
mod exchanges;
mod magento;
mod magic;
mod return_prime;
mod serving;
mod shipper;
mod shiprocket;
mod shipway;
mod shopify;
mod sink;
