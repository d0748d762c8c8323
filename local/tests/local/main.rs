//! The local stack from outside. One binary, so that it is linked once.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "the helpers of these tests fail like the tests themselves"
)]

mod backends;
mod functions;
mod gateway;
mod queue;
mod stack_file;
mod template;
mod world;
