//! What all partners share: calls with deadlines, the transport, failures, sessions, progress, and the operator's view
//! of an account that does not work. This module knows no partner and no kind of partner.
//!
//! The form of an account, with its help texts, is in [`crate::domain::form`], because `contract/account.rs` reads
//! bodies by it and `contract` may only use the domain.

pub mod account;
pub mod call;
mod call_log;
pub mod check;
pub mod failure;
pub mod json;
pub mod progress;
pub mod request;
pub mod session;
#[cfg(test)]
mod tests;
pub mod transport;
pub mod violations;
#[cfg(test)]
pub(crate) mod workbench;
