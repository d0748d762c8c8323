//! The native aggregators, end to end: the functions' binaries between a client and the vendors' simulators. The simulators
//! and the adapters were written independently from the same documents.
//!
//! Every test has its own stack, so that no other test consumes its faults or books its orders.

mod abroad;
mod cancellations;
mod capabilities;
mod deadlines;
mod given_ids;
mod identity;
mod journeys;
mod left_orders;
mod odd_answers;
mod once;
mod orders;
mod parcels;
mod pushed_awbs;
mod pushes;
mod queued;
mod quotes;
pub(crate) mod requests;
mod said;
mod scans;
mod sessions;
mod world;
