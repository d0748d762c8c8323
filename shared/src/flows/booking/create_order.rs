//! Makes an order at the aggregator without buying a label, once. A label for the same order continues the same claim.

use jiff::Timestamp;

use crate::contract::shipment::AddressedRequest;
use crate::domain::claim::Goal;
use crate::domain::client::Caller;
use crate::domain::text::AggregatorOrderId;
use crate::flows::booking::claim_order::{ClaimTurn, OrderRequest};
use crate::flows::booking::dependencies::BookingDependencies;
use crate::flows::failure::FlowFailure;
use crate::partners::progress::Progress;

/// What became of a request for an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Created {
    /// The order exists.
    Now(AggregatorOrderId),
    /// It existed before: this is the same answer again.
    Replayed(AggregatorOrderId),
}

/// Makes the order.
pub async fn create_order(
    dependencies: &BookingDependencies,
    caller: &Caller,
    addressed: AddressedRequest,
    now: Timestamp,
) -> Result<Created, FlowFailure> {
    let order = OrderRequest::of(dependencies, caller, addressed).await?;
    let creates = order
        .chosen
        .aggregator
        .creates_orders(&order.chosen.account)
        .ok_or(FlowFailure::NotSupported(
            "this account's aggregator has no orders without a label; ask for the label",
        ))?;
    let claim = match order.claim(Goal::Order, now).await? {
        ClaimTurn::Replay(met) => {
            let order_id = met.facts.order_id.clone();
            return order_id
                .map(Created::Replayed)
                .ok_or(FlowFailure::OutcomeUnknown(None));
        }
        ClaimTurn::Work(claim) => claim,
    };
    let mut progress = Progress::new(claim.known.progress.clone(), &claim);
    let call = claim.call(order.deadline);
    let order_id = creates
        .create_order(call, claim.reference(), &order.request, &mut progress)
        .await;
    match order_id {
        Ok(order_id) => {
            claim.record_order(&order_id).await?;
            Ok(Created::Now(order_id))
        }
        Err(failure) => Err(claim.fail(failure).await),
    }
}
