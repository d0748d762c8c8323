//! Operator commands for a stack on this machine or in AWS: clients and their keys, dead letters, orders in doubt, unknown
//! codes, recovery of deliveries, the keyring that encrypts stored secrets, and a look at the whole stack.
//!
//! Every command uses the AWS SDK and the product's own code. A stack on this machine publishes what the commands need
//! ([`running_stack`]), so nothing here depends on the local stack.

pub mod client;
pub mod command;
pub mod dlq;
pub mod doctor;
mod in_aws;
pub mod key;
pub mod keyring;
pub mod number;
pub mod orders;
pub mod recover;
pub mod reseal;
pub mod returns;
pub mod running_stack;
pub mod sdk_clients;
pub mod stack;
pub mod tables;
mod text_table;
pub mod unmapped;
