//! What aggregators' status codes mean in our vocabulary, as data: adapters translate by it and the docs are made of it.

use crate::domain::notification::Meaning;

/// One code of an aggregator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// The table that it is of; the same code may mean another thing in another table of the same aggregator.
    pub table: &'static str,
    /// The code.
    pub code: String,
    /// The aggregator's own name of it.
    pub name: &'static str,
    /// What it means of a forward shipment.
    pub forward: Meaning,
    /// What it means of a return.
    pub returning: Meaning,
}
