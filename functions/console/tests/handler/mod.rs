//! The handler with the event that AWS sends and others like it, on real tables.

mod accounts;
mod downloads;
mod endpoints;
mod escaping;
mod exceptions;
mod finding;
mod forms;
mod headers;
mod in_doubt;
mod keys;
mod links;
mod menu;
mod problems;
mod recovering;
mod refused;
mod shipments;
mod signing_in;
mod statistics;
mod still;
mod stored;
mod unmapped;
mod world;
