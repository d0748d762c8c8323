//! Return orders: what the warehouse finds reaches the client's systems. The real functions in the local stack, everything
//! over HTTP.

mod journey;
mod killed_processing;
mod killed_returns;
mod processing;
mod world;
