//! Isolation of clients and protection of secrets: the real functions in the local stack, everything over HTTP.

#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "DynamoDB's attribute types are the SDK's open enum"
)]

mod keys;
mod left;
mod sealing;
mod secrets;
mod tenancy;
mod throttling;
pub(crate) mod world;
