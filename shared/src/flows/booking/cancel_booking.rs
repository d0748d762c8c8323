//! Cancels a booking, or an order without an AWB, at the aggregator, and the orders that refused requests left there and
//! that are not cancelled yet. After that, the order number may be used again.

use std::time::Duration;

use jiff::Timestamp;

use crate::aggregators::{Cancels, LookUp};
use crate::domain::booking::Cancellation;
use crate::domain::claim::Standing;
use crate::domain::claim_record::ShipmentRecord;
use crate::domain::claim_use::CancelBooking;
use crate::domain::client::Caller;
use crate::domain::shipment_id::ShipmentId;
use crate::domain::text::OrderNumber;
use crate::domain::wanted_booking::WantedBooking;
use crate::flows::booking::account::{Chosen, choose};
use crate::flows::booking::cancel_left::{LeftEnd, cancel_one};
use crate::flows::booking::dependencies::BookingDependencies;
use crate::flows::booking::find_booking::{identify, reference};
use crate::flows::failure::FlowFailure;
use crate::partners::call::Deadline;

/// The aggregator's share of the 25 seconds within which the caller gets a response.
const DEADLINE: Duration = Duration::from_secs(23);
const ABSENT: &str = "order not found";
/// `Retry-After` for a cancellation of an order that is still queued.
const WHILE_QUEUED: Duration = Duration::from_secs(10);
/// `Retry-After` for a request that lost a race.
const AFTER_A_RACE: Duration = Duration::from_secs(1);

/// The result of a cancellation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cancelled {
    /// The client's order number.
    pub order_number: OrderNumber,
    /// Whether the cancellation is complete.
    pub outcome: Cancellation,
    /// Whether it was cancelled before: the same response again.
    pub replayed: bool,
}

/// Cancels the requested order.
pub async fn cancel_booking(
    dependencies: &BookingDependencies,
    caller: &Caller,
    wanted: &WantedBooking,
    now: Timestamp,
) -> Result<Cancelled, FlowFailure> {
    let id = identify(dependencies, caller, wanted).await?;
    let shipment = dependencies.shipments.get(&id).await?;
    let shipment = shipment.ok_or(FlowFailure::NotFound(ABSENT))?;
    let (outcome, replayed) = match shipment.state(now).cancel() {
        CancelBooking::Replay => (Cancellation::Done, true),
        CancelBooking::Cancel => (cancel(dependencies, &id, &shipment).await?, false),
        CancelBooking::LookUp => {
            let shipment = found(dependencies, &id, shipment).await?;
            (cancel(dependencies, &id, &shipment).await?, false)
        }
        CancelBooking::InProgress => return Err(FlowFailure::InProgress(AFTER_A_RACE)),
        CancelBooking::Queued => return Err(FlowFailure::InProgress(WHILE_QUEUED)),
        CancelBooking::NotFound => return Err(FlowFailure::NotFound(ABSENT)),
    };
    Ok(Cancelled {
        order_number: id.order_number,
        outcome,
        replayed,
    })
}

/// Determines the result of an interrupted booking, so that it can be cancelled.
async fn found(
    dependencies: &BookingDependencies,
    id: &ShipmentId,
    shipment: ShipmentRecord,
) -> Result<ShipmentRecord, FlowFailure> {
    let (chosen, _) = cancels(dependencies, id, &shipment).await?;
    let call = dependencies.call(&chosen.account, Deadline::after(DEADLINE));
    let look_up = chosen.aggregator.look_up(call, reference(id, &shipment));
    let found = dependencies.noted_look_up(&chosen.account, look_up).await;
    let found = found.map_err(|failure| FlowFailure::of(&chosen.account.aggregator, failure))?;
    match found {
        LookUp::Booking(booking) => {
            let facts = shipment.facts.clone().booked(&booking);
            // The booking of another order must not be cancelled.
            match dependencies.shipments.taken(id, &facts).await? {
                Some(taken) => Err(FlowFailure::IdTaken(Box::new(taken))),
                None => Ok(ShipmentRecord { facts, ..shipment }),
            }
        }
        LookUp::Order { order_id, .. } => {
            let facts = shipment.facts.clone().ordered(&order_id);
            Ok(ShipmentRecord { facts, ..shipment })
        }
        LookUp::Nothing if !shipment.progress.is_empty() || shipment.has_left_orders() => {
            Ok(shipment)
        }
        LookUp::Nothing => Err(FlowFailure::NotFound(
            "the aggregator has no such order; there is nothing to cancel",
        )),
        LookUp::CannotTell => Err(FlowFailure::OutcomeUnknown(None)),
    }
}

async fn cancel(
    dependencies: &BookingDependencies,
    id: &ShipmentId,
    shipment: &ShipmentRecord,
) -> Result<Cancellation, FlowFailure> {
    let (chosen, cancels) = cancels(dependencies, id, shipment).await?;
    let deadline = Deadline::after(DEADLINE);
    let mut outcome = Cancellation::Done;
    if shipment.is_at_aggregator() {
        let call = dependencies.call(&chosen.account, deadline);
        let cancelling = cancels.cancel(call, reference(id, shipment));
        let cancelled = dependencies.noted(&chosen.account, cancelling).await;
        outcome =
            cancelled.map_err(|failure| FlowFailure::of(&chosen.account.aggregator, failure))?;
    }
    if outcome == Cancellation::Requested {
        return Ok(outcome);
    }
    for left in shipment.left_orders.iter().filter(|left| !left.stays) {
        match cancel_one(dependencies, id, left, &chosen.account, deadline).await? {
            LeftEnd::Cancelled => {}
            LeftEnd::Stays(failure) => return Err(failure),
        }
    }
    let shipments = &dependencies.shipments;
    if shipments
        .stand(id, shipment.seen(), Standing::Cancelled)
        .await?
    {
        Ok(outcome)
    } else {
        Err(FlowFailure::InProgress(AFTER_A_RACE))
    }
}

async fn cancels(
    dependencies: &BookingDependencies,
    id: &ShipmentId,
    shipment: &ShipmentRecord,
) -> Result<(Chosen, &'static dyn Cancels), FlowFailure> {
    let chosen = choose(
        &dependencies.accounts,
        &id.client_id,
        Some(&shipment.facts.alias),
    )
    .await?;
    let cancels = chosen
        .aggregator
        .cancels(&chosen.account)
        .ok_or(FlowFailure::NotSupported(
            "this account's aggregator does not support cancellation",
        ))?;
    Ok((chosen, cancels))
}
