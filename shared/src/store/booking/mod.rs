//! What booking keeps: shipments with their claims, and sessions at aggregators.

pub mod sessions;
pub mod shipments;
