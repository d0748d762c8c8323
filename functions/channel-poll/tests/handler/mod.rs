//! The handler with events as AWS sends them, on real tables and queues, with the simulators of the demo's channels.

mod broken_orders;
mod failing_shop;
mod order_world;
mod orders;
mod returns;
