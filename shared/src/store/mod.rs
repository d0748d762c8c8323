//! DynamoDB: one file per table or entity, all keys in one place, every write conditional.
//!
//! There is no in-memory double and no repository trait: tests run this code against an embedded DynamoDB. A function
//! only has the tables that it may use, and its policy in the template says the same.

mod attributes;
pub mod batch_read;
pub mod booking;
pub mod cached;
pub mod channelling;
pub mod configuration_versions;
pub mod configuring;
pub mod cursor;
pub mod delivering;
pub mod expiry;
pub mod failure;
pub mod fulfilling;
mod items;
pub mod keys;
pub mod message_keys;
pub mod messaging;
pub mod notifying;
pub mod packed;
mod pages;
pub mod returning;
pub mod secrets;
pub mod statistics;
pub mod transaction;

#[cfg(test)]
mod tests;
