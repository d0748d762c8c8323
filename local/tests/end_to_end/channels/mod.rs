//! Webhooks of sales channels, from the shop to the client's order system: the real functions in the local stack.

mod hooks;
mod killed_hooks;
mod killed_readings;
mod returns;
mod verifier;
mod world;
