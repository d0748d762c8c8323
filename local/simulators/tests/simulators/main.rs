//! The simulators and the sink over HTTP. One binary, so that it is linked once.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "what a test sets up and reads must be there"
)]

mod clickpost;
mod magic;
mod serving;
mod shiprocket;
mod shipway;
mod sink;
