//! The one door to the network outside AWS.
//!
//! Whatever we call there was named by a client or by an aggregator's answer, so it is untrusted: [`target`] decides
//! whether an address may be called, [`headers`] what may be sent along, and [`client`] calls it within deadlines, without
//! redirects, with a capped answer.

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
