//! Sales channels: their webhooks, from the shop to the client's order system, and the changes of their orders. The real functions
//! in the local stack.

mod hooks;
mod killed_changes;
mod killed_hooks;
mod killed_polls;
mod killed_readings;
mod polls;
mod returns;
mod verifier;
mod world;
