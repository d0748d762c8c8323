//! The whole from outside: stacks with the functions' own binaries, everything over HTTP. One binary, so that it is
//! linked once, and the functions are built once.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "the helpers of these tests fail like the tests themselves"
)]

mod aggregators;
mod answer;
mod attribute;
mod buying;
mod configuration;
mod demo;
mod events;
mod logs;
mod notifications;
mod patience;
mod program;
mod security;
mod signed;
mod stack;
