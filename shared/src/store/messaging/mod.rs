//! What is kept of messages, of whatever kind.

pub mod head;
pub mod history;
pub mod kind_index;
pub mod messages;
pub(in crate::store) mod once;
