//! An order that a refusal left at an aggregator when its order number was used for something else.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::text::{AccountAlias, AggregatorOrderId};

/// An order without an AWB that nobody wants any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LeftOrder {
    /// The account that it was made by.
    pub alias: AccountAlias,
    /// What the aggregator calls it: its own id where that is known, else the name that RMS gave it.
    pub name: String,
    /// The round in which it was made.
    pub round: u32,
    /// The aggregator's id, where the order was recorded with one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_id: Option<AggregatorOrderId>,
    /// The ids that the sequence of creating calls got.
    pub progress: BTreeMap<String, String>,
    /// Whether it cannot be cancelled: the aggregator refused. Until that is known, it is to be cancelled.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub stays: bool,
}

/// The names of left orders.
pub fn names(left: &[LeftOrder]) -> Vec<String> {
    left.iter().map(|order| order.name.clone()).collect()
}
