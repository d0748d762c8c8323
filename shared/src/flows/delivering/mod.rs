//! Delivery to clients: attempt, park, probe, drain, recover.

pub mod attempt_delivery;
pub mod batch_endpoints;
pub mod dependencies;
pub mod forward_message;
mod judge_attempt;
mod mind_health;
mod record_attempt;
pub mod recover_deliveries;
pub mod resume_endpoints;
mod traced;
