//! Orders in doubt: their outcome at the aggregator is unknown.

use logistics::clock;
use logistics::domain::doubt::Doubt;
use logistics::edge::problem::Problem;
use logistics::flows::booking::find_in_doubt::{OrderInDoubt, find_in_doubt};

use crate::api::Api;
use crate::failure::Failed;
use crate::moment::Moment;
use crate::screens::shipments::shipment_url;

/// The orders in doubt, the oldest first.
pub(super) struct Doubtful {
    pub(super) orders: Vec<DoubtfulOrder>,
    pub(super) is_more: bool,
}

/// An order in doubt.
pub(super) struct DoubtfulOrder {
    pub(super) order_number: String,
    pub(super) href: String,
    pub(super) why: &'static str,
    pub(super) alias: String,
    pub(super) aggregator: String,
    pub(super) since: Moment,
}

/// The client's orders in doubt.
pub(super) async fn doubtful(api: &Api<'_>) -> Result<Doubtful, Failed> {
    let client = &api.visitor.caller().client_id;
    let table = &api.functions.get_shipment.shipments;
    let found = find_in_doubt(table, client, clock::now()).await;
    let found = found.map_err(Problem::from)?;
    Ok(Doubtful {
        orders: found.orders.iter().map(shown).collect(),
        is_more: found.is_more,
    })
}

fn shown(order: &OrderInDoubt) -> DoubtfulOrder {
    let code = order.id.shipment_code.as_ref();
    let code = code.map_or("", |code| code.as_str());
    let direction = order.id.shipment_type.to_string();
    DoubtfulOrder {
        href: shipment_url(order.id.order_number.as_str(), &direction, code),
        order_number: order.id.order_number.to_string(),
        why: match order.doubt {
            Doubt::Uncertain => "the aggregator gave no clear answer",
            Doubt::Interrupted => "the request that booked it never ended",
        },
        alias: order.alias.to_string(),
        aggregator: order.aggregator.to_string(),
        since: order.since.into(),
    }
}
