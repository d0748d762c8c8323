//! Storage of deliveries: their records, the health of endpoints, and parked deliveries.

pub mod deliveries;
pub mod health;
pub mod parked;
pub mod undelivered;
