//! Buys a label or a return AWB exactly once.
//!
//! Claim the order with a conditional write, call the aggregator, record, respond. After an unknown outcome, ask the
//! aggregator for the result: by the same request if a repeat returns the earlier booking, otherwise by a look-up. Buy
//! only if the aggregator says that it has no booking.

use std::time::Duration;

use jiff::Timestamp;

use crate::aggregators::LookUp;
use crate::contract::courier::pointer_in_shipment;
use crate::contract::fields::Violation;
use crate::contract::shipment::AddressedRequest;
use crate::domain::booking::{Booked, Booking};
use crate::domain::claim::Goal;
use crate::domain::client::Caller;
use crate::domain::courier::{Route, best_first};
use crate::domain::left_order;
use crate::domain::order::ShipmentRequest;
use crate::domain::text::CourierId;
use crate::flows::booking::cancel_left::cancel_left;
use crate::flows::booking::claim_order::{ClaimTurn, OrderRequest};
use crate::flows::booking::dependencies::PurchaseDependencies;
use crate::flows::booking::held_claim::HeldClaim;
use crate::flows::failure::FlowFailure;
use crate::partners::failure::PartnerFailure;
use crate::partners::progress::Progress;

/// Leaves time for the purchase that may follow a look-up.
const LOOK_UP_DEADLINE: Duration = Duration::from_secs(6);
/// A creating call with less time than this is not started: its outcome would likely be unknown.
pub(super) const SHORTEST_PURCHASE: Duration = Duration::from_secs(3);

/// The response to a booking request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookingAnswer {
    /// The result.
    pub outcome: BookingOutcome,
    /// The orders that earlier requests left at aggregators under the same order number, by the aggregators' ids.
    pub left_orders: Vec<String>,
}

/// The result of a booking request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BookingOutcome {
    /// The shipment is booked.
    Booked(Booking),
    /// It was booked before: the same response again.
    Replayed(Booking),
    /// The aggregator queued the order.
    Pending,
}

/// Books a shipment.
pub async fn book_shipment(
    dependencies: &PurchaseDependencies,
    caller: &Caller,
    addressed: AddressedRequest,
    now: Timestamp,
) -> Result<BookingAnswer, FlowFailure> {
    let order = OrderRequest::of(&dependencies.booking, caller, addressed).await?;
    book_order(dependencies, caller, &order, now).await
}

/// Books what is requested.
pub async fn book_order(
    dependencies: &PurchaseDependencies,
    caller: &Caller,
    order: &OrderRequest<'_>,
    now: Timestamp,
) -> Result<BookingAnswer, FlowFailure> {
    let audit = &dependencies.audit;
    let mut claim = match order.claim(Goal::Booking, now).await? {
        ClaimTurn::Replay(met) => {
            let replayed = met.booking().map(BookingOutcome::Replayed);
            return Ok(BookingAnswer {
                outcome: replayed.ok_or(FlowFailure::OutcomeUnknown(None))?,
                left_orders: left_order::names(&met.left_orders),
            });
        }
        ClaimTurn::Work(claim) => claim,
    };
    cancel_left(audit, caller, order, &mut claim, now).await?;
    let booked = obtain(order, &claim).await?;
    Ok(BookingAnswer {
        outcome: record(&claim, booked).await?,
        left_orders: left_order::names(&claim.known.left_orders),
    })
}

/// Determines the result of an interrupted booking.
pub async fn reconcile(
    order: &OrderRequest<'_>,
    claim: &HeldClaim<'_>,
) -> Result<BookingOutcome, FlowFailure> {
    let booked = find_or_buy(order, claim).await?;
    record(claim, booked).await
}

/// The booking of a claimed order, which is not recorded yet: the one of an earlier attempt, or a new one. If there is
/// none, the claim records why.
pub(super) async fn obtain(
    order: &OrderRequest<'_>,
    claim: &HeldClaim<'_>,
) -> Result<Booked, FlowFailure> {
    if claim.is_in_doubt() {
        find_or_buy(order, claim).await
    } else {
        buy(order, claim).await
    }
}

async fn find_or_buy(
    order: &OrderRequest<'_>,
    claim: &HeldClaim<'_>,
) -> Result<Booked, FlowFailure> {
    let aggregator = order.chosen.aggregator;
    if aggregator.repeats_safely() {
        return buy(order, claim).await;
    }
    let deadline = order.deadline.at_most(LOOK_UP_DEADLINE);
    let look_up = aggregator.look_up(claim.call(deadline), claim.reference());
    let account = &order.chosen.account;
    match order.dependencies.noted_look_up(account, look_up).await {
        Ok(LookUp::Booking(booking)) => Ok(Booked::Now(booking)),
        Ok(LookUp::Order {
            is_queued: true, ..
        }) => Ok(Booked::Later),
        Ok(LookUp::Order { .. } | LookUp::Nothing) => buy(order, claim).await,
        Ok(LookUp::CannotTell) => Err(claim
            .leave_in_doubt(FlowFailure::OutcomeUnknown(None))
            .await),
        Err(PartnerFailure::BadCredentials) => {
            Err(claim.leave_in_doubt(FlowFailure::BadCredentials).await)
        }
        Err(failure) => {
            let unknown = FlowFailure::OutcomeUnknown(Some(failure.into()));
            Err(claim.leave_in_doubt(unknown).await)
        }
    }
}

/// Buys. If that fails, the claim records why.
async fn buy(order: &OrderRequest<'_>, claim: &HeldClaim<'_>) -> Result<Booked, FlowFailure> {
    let request = match with_courier(order, claim).await {
        Ok(request) => request,
        Err(failure) => return Err(claim.give_up(failure).await),
    };
    if order.deadline.remaining() < SHORTEST_PURCHASE {
        return Err(claim
            .give_up(FlowFailure::AggregatorUnavailable(None, None))
            .await);
    }
    let mut progress = Progress::new(claim.known.progress.clone(), claim);
    let aggregator = order.chosen.aggregator;
    let call = claim.call(order.deadline);
    let booking = aggregator.book(call, claim.reference(), &request, &mut progress);
    let account = &order.chosen.account;
    match order.dependencies.noted(account, booking).await {
        Ok(booked) => Ok(booked),
        Err(failure) => Err(claim.fail(failure).await),
    }
}

/// Records a booking, or that the aggregator has queued it.
async fn record(claim: &HeldClaim<'_>, booked: Booked) -> Result<BookingOutcome, FlowFailure> {
    match booked {
        Booked::Now(booking) => {
            claim.record(&booking).await?;
            Ok(BookingOutcome::Booked(booking))
        }
        Booked::Later => {
            claim.record_queued().await?;
            Ok(BookingOutcome::Pending)
        }
    }
}

/// Adds the courier to a request: the requested one, else the account's, else the aggregator's own choice or its best
/// recommendation.
async fn with_courier(
    order: &OrderRequest<'_>,
    claim: &HeldClaim<'_>,
) -> Result<ShipmentRequest, FlowFailure> {
    let mut request = order.request.clone();
    request.courier = request
        .courier
        .or_else(|| order.chosen.account.default_courier.clone());
    if request.courier.is_none() && !order.chosen.aggregator.chooses_couriers() {
        request.courier = best_courier(order, claim).await?;
    }
    Ok(request)
}

async fn best_courier(
    order: &OrderRequest<'_>,
    claim: &HeldClaim<'_>,
) -> Result<Option<CourierId>, FlowFailure> {
    let account = &order.chosen.account;
    let Some(recommends) = order.chosen.aggregator.recommends_couriers(account) else {
        return Ok(None);
    };
    let call = claim.call(order.deadline.at_most(LOOK_UP_DEADLINE));
    let route = Route::from(&order.request);
    let recommending = recommends.recommend(call, &route);
    let recommended = order.dependencies.noted(account, recommending).await;
    let recommended = recommended
        .map_err(|failure| FlowFailure::of(&account.aggregator, of_shipment(failure)))?;
    match best_first(recommended).into_iter().next() {
        Some(best) => Ok(Some(best.courier)),
        None => Err(FlowFailure::of_field(
            "/courierId",
            "the aggregator recommends no courier for this route; name one".to_owned(),
        )),
    }
}

/// What is wrong with a route, as fields of the request for the shipment.
fn of_shipment(failure: PartnerFailure) -> PartnerFailure {
    let PartnerFailure::Invalid(violations) = failure else {
        return failure;
    };
    let violations = violations.into_iter().map(|found| Violation {
        pointer: pointer_in_shipment(&found.pointer).to_owned(),
        detail: found.detail,
    });
    PartnerFailure::Invalid(violations.collect())
}
