//! Exchanges, end to end: one exchange gets one pair of AWBs, whatever is interrupted, and each half is a shipment like any
//! other.

mod cancelled;
mod faults;
mod kills;
mod once;
mod pushes;
mod world;
