//! Finds a client's orders whose outcome at the aggregator is not known.

use jiff::Timestamp;

use crate::domain::doubt::Doubt;
use crate::domain::shipment_id::ShipmentId;
use crate::domain::text::{AccountAlias, AggregatorName, ClientId};
use crate::flows::failure::FlowFailure;
use crate::store::booking::shipments::Shipments;

/// How many are read at most.
const MOST: i32 = 50;

/// An order in doubt.
#[derive(Debug)]
pub struct OrderInDoubt {
    /// The order.
    pub id: ShipmentId,
    /// Why.
    pub doubt: Doubt,
    /// When its doubt began.
    pub since: Timestamp,
    /// The account.
    pub alias: AccountAlias,
    /// The aggregator.
    pub aggregator: AggregatorName,
}

/// The orders in doubt.
#[derive(Debug)]
pub struct OrdersInDoubt {
    /// The orders, the oldest first.
    pub orders: Vec<OrderInDoubt>,
    /// Whether there may be more.
    pub is_more: bool,
}

/// The client's oldest orders in doubt at `now`. Those that a request is booking at the moment are left out.
pub async fn find_in_doubt(
    shipments: &Shipments,
    client: &ClientId,
    now: Timestamp,
) -> Result<OrdersInDoubt, FlowFailure> {
    let found = shipments.in_doubt(client, MOST).await?;
    let orders = found.orders.into_iter().filter_map(|order| {
        Some(OrderInDoubt {
            doubt: Doubt::of(&order.record, now)?,
            id: order.id,
            since: order.since,
            alias: order.record.facts.alias,
            aggregator: order.record.facts.aggregator,
        })
    });
    Ok(OrdersInDoubt {
        orders: orders.collect(),
        is_more: found.is_cut,
    })
}
