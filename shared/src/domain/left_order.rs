//! An order that a refused request left at an aggregator when its order number was used for another order.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::naming::Naming;
use crate::domain::text::{AccountAlias, AggregatorOrderId};

/// An order without an AWB that is no longer needed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LeftOrder {
    /// The account with which it was created.
    pub alias: AccountAlias,
    /// Its name at the aggregator: the aggregator's own id if known, otherwise the name that RMS gave it.
    pub name: String,
    /// The round in which it was created.
    pub round: u32,
    /// How the name that RMS gave it is written.
    #[serde(default, skip_serializing_if = "Naming::is_plus")]
    pub naming: Naming,
    /// The aggregator's id, if it was recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_id: Option<AggregatorOrderId>,
    /// The ids that the creating calls returned.
    pub progress: BTreeMap<String, String>,
    /// Whether the aggregator refused to cancel it. Otherwise it must still be cancelled.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub stays: bool,
}

/// The names of left orders.
pub fn names(left: &[LeftOrder]) -> Vec<String> {
    left.iter().map(|order| order.name.clone()).collect()
}
