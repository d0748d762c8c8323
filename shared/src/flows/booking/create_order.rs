//! Creates an order at the aggregator without buying a label, once. A later label for the order continues the same
//! claim.

use jiff::Timestamp;

use crate::contract::shipment::AddressedRequest;
use crate::domain::claim::Goal;
use crate::domain::client::Caller;
use crate::domain::text::AggregatorOrderId;
use crate::flows::booking::claim_order::{ClaimTurn, OrderRequest};
use crate::flows::booking::dependencies::BookingDependencies;
use crate::flows::failure::FlowFailure;
use crate::partners::progress::Progress;

/// The result of a request for an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Created {
    /// The order exists.
    Now(AggregatorOrderId),
    /// It existed before: the same response again.
    Replayed(AggregatorOrderId),
}

/// Creates the order.
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
            "this account's aggregator does not support orders without a label; request the label",
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
