//! What is kept of messages, of whatever kind.

pub mod history;
