//! Secrets in tables: sealed with AES-256-GCM, each bound to the place where it is stored.
//!
//! - A [`place::SecretPlace`] is a client, a kind of item, the item's id and the field. It is the ciphertext's
//!   associated data: a secret that was altered, or copied to another client, account, endpoint or field, does not
//!   open.
//! - A [`keyring::Keyring`] has several keys. The newest one seals and all of them open, so that a key can be replaced
//!   while the system runs; `cargo local reseal` then reseals everything with the newest key.
//! - A [`vault::Vault`] has KMS unwrap the keyring: once per instance, when the first secret is sealed or opened.
//!
//! Not here: secrets that are only recognised, never used. Only their digests are stored ([`crate::domain::proof`], API
//! keys and push credentials in [`crate::store`]).

pub mod failure;
pub mod keyring;
pub mod place;
pub mod sealed;
pub mod vault;
