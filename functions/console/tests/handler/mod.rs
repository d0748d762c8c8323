//! The handler with the event that AWS sends and others like it, on real tables.

mod accounts;
mod endpoints;
mod escaping;
mod finding;
mod forms;
mod headers;
mod keys;
mod links;
mod problems;
mod shipments;
mod signing_in;
mod unmapped;
mod world;
