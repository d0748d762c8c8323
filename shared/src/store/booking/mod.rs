//! Storage of booking: shipments with their claims, and sessions with aggregators.

pub mod open_shipments;
mod record_booking;
pub mod sessions;
pub mod shipments;
