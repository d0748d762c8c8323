//! The configuration of clients: accounts, endpoints and keys, with their versions and the audit log.

pub mod accounts;
pub mod api_keys;
pub mod audit;
pub mod channel_accounts;
pub mod configured;
pub mod console_seals;
pub mod endpoints;
pub mod key_uses;
pub mod push_credentials;
pub mod push_owners;
pub mod used_links;
pub mod versions;
