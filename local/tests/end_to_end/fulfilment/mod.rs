//! Fulfilment: outbound orders from the client's platform to its OMS, and the results back. The real functions in the local
//! stack, everything over HTTP.

mod journey;
mod killed_outbound;
mod killed_reports;
mod reports;
mod world;
