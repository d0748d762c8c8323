//! What keeps clients apart and secrets secret: the real functions in the local stack, everything over HTTP.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "the helpers of these tests fail like the tests themselves"
)]
#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "DynamoDB's kinds of attributes are not ours, and may become more"
)]

mod keys;
mod sealing;
mod secrets;
mod tenancy;
mod throttling;
mod world;
