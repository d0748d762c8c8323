//! Secrets as they stand in tables: sealed with AES-256-GCM, each bound to the place where it stands.
//!
//! - A [`place::SecretPlace`] is a client, a kind of item, the item's id and the field. It is the ciphertext's associated data:
//!   what was altered, or copied to another client, account, endpoint or field, does not open.
//! - A [`keyring::Keyring`] has several keys. The newest seals, all of them open, so that a key can be replaced while the
//!   system runs; `cargo local reseal` then seals everything with the newest one.
//! - A [`vault::Vault`] has the keyring unwrapped by KMS: once in the life of an instance, and only when the first secret
//!   is sealed or opened.
//!
//! Not here: secrets that are only recognised and never used. Of those there are digests alone
//! ([`crate::domain::proof`], API keys and push credentials in [`crate::store`]).

pub mod failure;
pub mod keyring;
pub mod place;
pub mod sealed;
pub mod vault;
