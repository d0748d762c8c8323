//! What every partner needs, whatever it does for us: the call with its deadline, the transport, the names of failures,
//! sessions, progress, and what an operator is told of an account that does not work. It knows no partner, and no kind
//! of partner.
//!
//! The form of an account, with its help texts, is [`crate::domain::form`]: bodies are read by it (`contract/account.rs`),
//! and `contract` knows nothing above the domain.

pub mod account;
pub mod call;
mod call_log;
pub mod check;
pub mod failure;
pub mod progress;
pub mod request;
pub mod session;
#[cfg(test)]
mod tests;
pub mod transport;
pub mod violations;
