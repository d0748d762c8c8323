//! RMS Logistics: everything except the Lambda entry points.
pub mod aggregators;
pub mod aws;
pub mod channels;
pub mod clock;
pub mod config;
pub mod contract;
pub mod delivery;
pub mod destinations;
pub mod digest;
#[cfg(test)]
mod docs;
pub mod documents;
pub mod domain;
pub mod edge;
pub mod flows;
pub mod outbound;
pub mod partners;
pub mod queue;
pub mod random;
pub mod sealing;
pub mod store;
pub mod telemetry;
pub mod wiring;

/// Compiles the Rust samples of the webhook documentation.
#[cfg(doctest)]
#[doc = include_str!("../../docs/webhooks.md")]
pub struct Samples;
