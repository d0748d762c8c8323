//! A client is set up through the API alone, and then served: the real functions in the local stack, everything over
//! HTTP.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "the helpers of these tests fail like the tests themselves"
)]

mod set_up;
mod world;
