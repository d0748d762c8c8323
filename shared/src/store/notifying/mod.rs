//! Storage of pushed notifications and their indexes.

mod client_index;
pub mod exceptions;
pub mod notifications;
pub mod replays;
pub mod unmapped;
pub mod unmapped_codes;
