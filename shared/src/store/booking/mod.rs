//! What booking keeps: shipments with their claims, and sessions at aggregators.

pub mod awbs;
pub mod open_shipments;
mod record_booking;
pub mod sessions;
pub mod shipments;
