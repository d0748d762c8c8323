//! The use cases, one a file: each is a sequence that a reader can follow from top to bottom.
//!
//! A flow owns its order of effects and nothing else: rules are the domain's, words the contract's, statuses the edge's.

pub mod booking;
pub mod configuring;
pub mod delivering;
pub mod failure;
pub mod messaging;
pub mod notifying;
