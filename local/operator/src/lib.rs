//! Operator commands for a stack on this machine or in AWS: create a client with its first key, handle dead letters,
//! manage the keyring that encrypts stored secrets.
//!
//! Every command uses the AWS SDK and the product's own code. A stack on this machine publishes what the commands need
//! ([`running_stack`]), so nothing here depends on the local stack.

pub mod client;
pub mod dlq;
mod in_aws;
pub mod keyring;
pub mod reseal;
pub mod running_stack;
pub mod sdk_clients;
pub mod tables;
