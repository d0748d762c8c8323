//! The only access to the network outside AWS.
//!
//! Every URL called there comes from a client or from an aggregator's response, so it is untrusted: [`target`] decides
//! whether an address may be called, [`headers`] which headers may be sent, and [`client`] calls it with deadlines,
//! without redirects, and limits the response.

mod cause;
pub mod client;
pub mod headers;
#[cfg(test)]
pub(crate) mod raw_server;
#[cfg(test)]
mod special_ranges;
pub mod target;
#[cfg(test)]
mod tests;
pub mod vetting;
