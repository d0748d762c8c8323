//! End-to-end tests: stacks with the functions' binaries, everything over HTTP. They are one binary, so that it is linked
//! once and the functions are built once.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "test helpers may panic like tests"
)]

mod aggregators;
mod answer;
mod attribute;
mod buying;
mod channels;
mod configuration;
mod console;
mod demo;
mod described;
mod events;
mod exchanges;
mod fulfilment;
mod logs;
mod notifications;
mod patience;
mod program;
mod returning;
mod security;
mod signed;
mod stack;
mod vendors;
