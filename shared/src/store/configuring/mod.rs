//! What a client configures: accounts, endpoints, keys; their versions, and who changed what.

pub mod accounts;
pub mod api_keys;
pub mod audit;
pub mod configured;
pub mod endpoints;
pub mod key_uses;
pub mod push_credentials;
pub mod push_owners;
pub mod versions;
