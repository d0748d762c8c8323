//! The use cases, one per file: each is a sequence of steps that reads from top to bottom.
//!
//! A flow only defines the order of effects: the domain has the rules, the contract the texts, the edge the status
//! codes.

mod account_standing;
pub mod booking;
pub mod channel_failure;
pub mod channelling;
pub mod configuring;
pub mod delivering;
pub mod failure;
pub mod fulfilling;
pub mod fulfilment_account;
pub mod messaging;
pub mod notifying;
pub mod returning;
pub mod write_statistics;
