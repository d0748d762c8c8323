//! What keeps clients apart and secrets secret: the real functions in the local stack, everything over HTTP.

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
