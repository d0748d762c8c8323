//! What a sales channel keeps: orders, as they are read there, and lists of them.

pub mod listing;
pub mod order;
