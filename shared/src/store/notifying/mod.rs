//! Storage of pushed notifications and their indexes.

pub mod notifications;
pub mod unmapped;
