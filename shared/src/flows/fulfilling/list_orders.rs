//! Shows outbound orders: one, or a list, newest first.

use futures::StreamExt as _;
use futures::stream::FuturesOrdered;

use crate::domain::fulfilling::outbound_order::OutboundOrder;
use crate::domain::fulfilling::state::OutboundState;
use crate::domain::fulfilling::timeline::OutboundTimeline;
use crate::domain::fulfilling::warehouse_state::WarehouseState;
use crate::domain::text::{ClientId, SalesOrderNumber};
use crate::flows::failure::FlowFailure;
use crate::flows::fulfilling::dependencies::OutboundDependencies;
use crate::store::cursor::Cursor;
use crate::store::fulfilling::outbound_index::OutboundQuery;

/// How many orders are read at once.
const READS_AT_ONCE: usize = 8;

/// An order with its history.
#[derive(Debug)]
pub struct PresentOutbound {
    /// Its number.
    pub number: SalesOrderNumber,
    /// The order; absent if only the warehouse told of it.
    pub order: Option<OutboundOrder>,
    /// Its history.
    pub timeline: OutboundTimeline,
}

/// A page of orders.
#[derive(Debug)]
pub struct ListedOutbound {
    /// The orders, each with the cursor after it.
    pub orders: Vec<(PresentOutbound, Cursor)>,
    /// Where the next page begins; absent at the end.
    pub cursor: Option<Cursor>,
}

/// The order with this number; `None` if nothing is known about it.
pub async fn read_order(
    dependencies: &OutboundDependencies,
    client: &ClientId,
    number: &SalesOrderNumber,
) -> Result<Option<PresentOutbound>, FlowFailure> {
    let found = dependencies.orders.read(client, number).await?;
    Ok(found.map(|found| PresentOutbound {
        number: number.clone(),
        timeline: OutboundTimeline::of(found.order.as_ref(), &found.events),
        order: found.order,
    }))
}

/// The states of the orders to list; `None`: any.
#[derive(Debug, Clone, Copy)]
pub struct WantedOutbound {
    /// The state between platform and OMS.
    pub state: Option<OutboundState>,
    /// The state in the warehouse.
    pub warehouse: Option<WarehouseState>,
}

impl WantedOutbound {
    fn is(self, found: &PresentOutbound) -> bool {
        let timeline = &found.timeline;
        let is_there = self
            .warehouse
            .is_none_or(|state| timeline.warehouse == Some(state));
        is_there && self.state.is_none_or(|state| timeline.state == state)
    }
}

/// A page of the orders that a query finds, in these states. A page may have fewer than the next one, because the
/// state is known only when an order is read.
pub async fn list_orders(
    dependencies: &OutboundDependencies,
    query: &OutboundQuery<'_>,
    wanted: WantedOutbound,
) -> Result<ListedOutbound, FlowFailure> {
    let (numbers, cursor) = dependencies.index.page(query).await?;
    let mut orders = Vec::with_capacity(numbers.len());
    for numbers in numbers.chunks(READS_AT_ONCE) {
        let mut reads = FuturesOrdered::new();
        for (number, _) in numbers {
            reads.push_back(read_order(dependencies, query.client, number));
        }
        let mut cursors = numbers.iter().map(|(_, cursor)| cursor.clone());
        while let (Some(found), Some(cursor)) = (reads.next().await, cursors.next()) {
            let found = found?.filter(|found| wanted.is(found));
            orders.extend(found.map(|found| (found, cursor)));
        }
    }
    Ok(ListedOutbound { orders, cursor })
}
