//! DynamoDB: one file per table, keys in one place, every write conditional.
//!
//! There is no in-memory double and no repository trait: tests run this code against an embedded DynamoDB. A function
//! holds just the tables that it may use, and its policy in the template says the same.

pub mod accounts;
pub mod api_keys;
pub mod audit;
pub mod cached;
pub mod cursor;
pub mod deliveries;
pub mod endpoints;
pub mod failure;
pub mod health;
pub mod history;
mod items;
pub mod key_uses;
pub mod keys;
pub mod notifications;
pub mod packed;
pub mod parked;
pub mod push_credentials;
pub mod secrets;
pub mod sessions;
pub mod shipments;
pub mod transaction;
pub mod undelivered;
pub mod unmapped;
pub mod versions;
