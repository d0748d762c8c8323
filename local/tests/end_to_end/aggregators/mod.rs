//! The native aggregators, end to end: the functions' own binaries between a client and the vendors' simulators, which are
//! another reading of the same documents than the adapters'.
//!
//! Every test has a stack of its own, so that nobody else consumes its faults or books its orders.

mod abroad;
mod cancellations;
mod deadlines;
mod journeys;
mod once;
mod orders;
mod parcels;
mod pushes;
mod queued;
mod requests;
mod sessions;
mod world;
