//! What goes to clients: the records of deliveries, the health of endpoints, and what waits for them.

pub mod deliveries;
pub mod health;
pub mod parked;
pub mod undelivered;
