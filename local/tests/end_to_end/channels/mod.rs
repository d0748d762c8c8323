//! Webhooks of sales channels, from the shop to the client's order system: the real functions in the local stack.

mod hooks;
mod killed_hooks;
mod verifier;
mod world;
