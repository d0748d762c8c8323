//! Storage of messages of all kinds.

pub mod head;
pub mod history;
pub mod kind_index;
pub mod messages;
pub(in crate::store) mod once;
