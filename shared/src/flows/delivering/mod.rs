//! The way to the client: attempt, park, probe, drain, recover.

pub mod attempt_delivery;
pub mod forward_message;
pub mod mind_health;
pub mod recover_deliveries;
pub mod resume_endpoints;
