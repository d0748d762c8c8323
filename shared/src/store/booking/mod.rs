//! Storage of booking: shipments with their claims, and sessions with aggregators.

pub mod account_standings;
pub mod awbs;
pub mod claim_together;
pub mod given_ids;
pub mod in_doubt;
pub mod kept_requests;
mod labelled;
mod left_orders;
pub mod open_shipments;
pub mod parcels;
pub mod record_booking;
mod registered;
pub mod sessions;
pub mod shipments;
mod uncertain;
