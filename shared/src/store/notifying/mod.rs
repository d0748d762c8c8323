//! Storage of pushed notifications and their indexes.

pub mod exceptions;
pub mod notifications;
pub mod replays;
pub mod unmapped;
pub mod unmapped_codes;
