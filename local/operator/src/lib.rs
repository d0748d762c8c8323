//! What an operator does with a stack, on this machine or in AWS: makes a client with its first key, looks after dead
//! letters, and after the keyring that seals secrets in tables.
//!
//! Every command works by the AWS SDK and the product's own code. What it has to know of a stack on this machine, that
//! stack has published ([`running_stack`]); so nothing here depends on the local stack.

pub mod client;
pub mod dlq;
mod in_aws;
pub mod keyring;
pub mod reseal;
pub mod running_stack;
pub mod sdk_clients;
pub mod tables;
