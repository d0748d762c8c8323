//! What sales channels keep, as callers see it.

pub mod cursor;
pub mod listing;
pub mod order;
