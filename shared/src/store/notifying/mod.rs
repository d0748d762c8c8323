//! What aggregators pushed, and the ways to find it.

pub mod notifications;
pub mod unmapped;
