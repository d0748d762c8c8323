//! The handler with an event as AWS sends it, on real tables and queues and with the aggregators' simulators.

mod awbs;
mod cancels;
mod creates;
mod lists;
mod world;
