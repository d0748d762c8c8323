//! Delivery to clients: attempt, park, probe, drain, recover.

pub mod attempt_delivery;
pub mod dependencies;
pub mod forward_message;
mod judge_attempt;
pub mod mind_health;
mod record_attempt;
pub mod recover_deliveries;
pub mod resume_endpoints;
mod traced;
