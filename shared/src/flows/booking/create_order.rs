//! Creates an order at the aggregator without buying a label, once. A later label for the order continues the same
//! claim.

use jiff::Timestamp;

use crate::contract::shipment::AddressedRequest;
use crate::domain::claim::Goal;
use crate::domain::client::Caller;
use crate::domain::left_order;
use crate::domain::text::AggregatorOrderId;
use crate::flows::booking::cancel_left::cancel_left;
use crate::flows::booking::claim_order::{ClaimTurn, OrderRequest};
use crate::flows::booking::dependencies::PurchaseDependencies;
use crate::flows::failure::FlowFailure;
use crate::partners::progress::Progress;

/// The result of a request for an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Created {
    /// The order.
    pub order_id: AggregatorOrderId,
    /// Whether it existed before: the same response again.
    pub replayed: bool,
    /// The orders that earlier requests left at aggregators under the same order number, by the aggregators' ids.
    pub left_orders: Vec<String>,
}

/// Creates the order.
pub async fn create_order(
    dependencies: &PurchaseDependencies,
    caller: &Caller,
    addressed: AddressedRequest,
    now: Timestamp,
) -> Result<Created, FlowFailure> {
    let PurchaseDependencies { booking, audit } = dependencies;
    let order = OrderRequest::of(booking, caller, addressed).await?;
    let creates = order
        .chosen
        .aggregator
        .creates_orders(&order.chosen.account)
        .ok_or(FlowFailure::NotSupported(
            "this account's aggregator does not support orders without a label; request the label",
        ))?;
    let mut claim = match order.claim(Goal::Order, now).await? {
        ClaimTurn::Replay(met) => {
            let order_id = met.facts.order_id.clone();
            return Ok(Created {
                order_id: order_id.ok_or(FlowFailure::OutcomeUnknown(None))?,
                replayed: true,
                left_orders: left_order::names(&met.left_orders),
            });
        }
        ClaimTurn::Work(claim) => claim,
    };
    cancel_left(audit, caller, &order, &mut claim, now).await?;
    let mut progress = Progress::new(claim.known.progress.clone(), &claim);
    let call = claim.call(order.deadline);
    let creating = creates.create_order(call, claim.reference(), &order.request, &mut progress);
    let account = &order.chosen.account;
    match order.dependencies.noted(account, creating).await {
        Ok(order_id) => {
            claim.record_order(&order_id).await?;
            Ok(Created {
                order_id,
                replayed: false,
                left_orders: left_order::names(&claim.known.left_orders),
            })
        }
        Err(failure) => Err(claim.fail(failure).await),
    }
}
