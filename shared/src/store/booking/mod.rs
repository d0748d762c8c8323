//! Storage of booking: shipments with their claims, and sessions with aggregators.

pub mod awbs;
mod left_orders;
pub mod open_shipments;
pub mod parcels;
mod record_booking;
pub mod sessions;
pub mod shipments;
