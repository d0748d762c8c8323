//! Reads a booking; asks the aggregator if our record is incomplete.

use std::time::Duration;

use jiff::Timestamp;
use url::Url;

use crate::aggregators::LookUp;
use crate::aggregators::reference::BookingReference;
use crate::contract::fields::read_body;
use crate::contract::shipment as contract;
use crate::domain::booking::Booking;
use crate::domain::claim::Standing;
use crate::domain::claim_end::doubt;
use crate::domain::claim_record::ShipmentRecord;
use crate::domain::claim_use::ReadBooking;
use crate::domain::client::Caller;
use crate::domain::given_id::TakeOver;
use crate::domain::left_order;
use crate::domain::shipment_id::ShipmentId;
use crate::domain::text::OrderNumber;
use crate::domain::wanted_booking::{Ambiguous, WantedBooking, WantedBy};
use crate::flows::booking::account::{Chosen, choose};
use crate::flows::booking::book_shipment::{BookingOutcome, reconcile};
use crate::flows::booking::claim_order::OrderRequest;
use crate::flows::booking::dependencies::BookingDependencies;
use crate::flows::booking::traced::name_shipment;
use crate::flows::failure::FlowFailure;
use crate::partners::call::Deadline;
use crate::store::booking::given_ids::Recorded;
use crate::store::booking::record_booking::NewBooking;
use crate::store::packed::unpack;

/// The aggregator's share of the 25 seconds within which the caller gets a response.
const DEADLINE: Duration = Duration::from_secs(20);
const ABSENT: &str = "order not found";
const NO_LABEL: &str = "the order has no label yet; ask for one";

/// A booking and its order number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundBooking {
    /// The client's order number.
    pub order_number: OrderNumber,
    /// Its state.
    pub outcome: BookingOutcome,
    /// The orders that earlier requests left at aggregators under the same order number, by the aggregators' ids.
    pub left_orders: Vec<String>,
}

/// Finds a booking.
pub async fn find_booking(
    dependencies: &BookingDependencies,
    caller: &Caller,
    wanted: &WantedBooking,
    now: Timestamp,
) -> Result<FoundBooking, FlowFailure> {
    let id = identify(dependencies, caller, wanted).await?;
    let shipment = dependencies
        .shipments
        .get(&id)
        .await?
        .ok_or(FlowFailure::NotFound(ABSENT))?;
    let outcome = match shipment.state(now).read() {
        ReadBooking::Recorded if shipment.is_complete() => {
            BookingOutcome::Booked(recorded(&shipment)?)
        }
        ReadBooking::Recorded => complete(dependencies, &id, &shipment).await?,
        ReadBooking::InProgress => return Err(FlowFailure::InProgress(Duration::from_secs(1))),
        ReadBooking::LookUp => resolve(dependencies, &id, &shipment, now).await?,
        ReadBooking::NotFound => return Err(FlowFailure::NotFound(ABSENT)),
    };
    Ok(FoundBooking {
        order_number: id.order_number,
        outcome,
        left_orders: left_order::names(&shipment.left_orders),
    })
}

/// The current URL of a label, if the aggregator reports a different one than recorded: some label URLs expire.
pub async fn moved_label(
    dependencies: &BookingDependencies,
    caller: &Caller,
    wanted: &WantedBooking,
) -> Result<Option<Url>, FlowFailure> {
    let id = identify(dependencies, caller, wanted).await?;
    let Some(shipment) = dependencies.shipments.get(&id).await? else {
        return Ok(None);
    };
    let found = look_up(dependencies, &id, &shipment).await;
    let Ok(LookUp::Booking(booking)) = found.inspect_err(told_without) else {
        return Ok(None);
    };
    if !shipment.has_moved_label(&booking) {
        return Ok(None);
    }
    let url = booking.label_url;
    let known = recorded(&shipment)?;
    let moved = Booking {
        label_url: url.clone(),
        ..known
    };
    match record(dependencies, &id, &shipment, moved).await {
        // Only the URL is new, so the label is returned nevertheless.
        Ok(_) | Err(FlowFailure::IdTaken(_)) => Ok(url),
        Err(failure) => Err(failure),
    }
}

/// Determines which shipment is requested.
pub async fn identify(
    dependencies: &BookingDependencies,
    caller: &Caller,
    wanted: &WantedBooking,
) -> Result<ShipmentId, FlowFailure> {
    let id = shipment_of(dependencies, caller, wanted).await?;
    name_shipment(&id);
    Ok(id)
}

async fn shipment_of(
    dependencies: &BookingDependencies,
    caller: &Caller,
    wanted: &WantedBooking,
) -> Result<ShipmentId, FlowFailure> {
    let client_id = caller.client_id.clone();
    match &wanted.by {
        WantedBy::OrderNumber(order_number, shipment_code) => Ok(ShipmentId {
            client_id,
            shipment_type: wanted.shipment_type,
            order_number: order_number.clone(),
            shipment_code: shipment_code.clone(),
        }),
        WantedBy::OrderId(order_id) => {
            let found = dependencies
                .shipments
                .by_order_id(&client_id, order_id)
                .await?;
            match wanted.only(found) {
                Ok(Some(facts)) => Ok(facts.id(&client_id)),
                Ok(None) => Err(FlowFailure::NotFound(ABSENT)),
                Err(Ambiguous) => Err(FlowFailure::of_field(
                    "/logisticAccountAlias",
                    "several accounts have an order with this orderId; name the account".to_owned(),
                )),
            }
        }
    }
}

fn recorded(shipment: &ShipmentRecord) -> Result<Booking, FlowFailure> {
    shipment.booking().ok_or(FlowFailure::OutcomeUnknown(None))
}

/// Completes a booking with data from the aggregator; if that fails, returns what is recorded.
async fn complete(
    dependencies: &BookingDependencies,
    id: &ShipmentId,
    shipment: &ShipmentRecord,
) -> Result<BookingOutcome, FlowFailure> {
    let known = recorded(shipment)?;
    let found = look_up(dependencies, id, shipment).await;
    match found.inspect_err(told_without) {
        Ok(LookUp::Booking(booking)) if booking.awb == known.awb => {
            match record(dependencies, id, shipment, booking).await {
                Err(FlowFailure::IdTaken(taken)) => {
                    let error = crate::telemetry::chain(&taken);
                    tracing::warn!(error, "look-up not recorded: responded from the record");
                    Ok(BookingOutcome::Booked(known))
                }
                recorded => recorded,
            }
        }
        Ok(LookUp::Booking(_) | LookUp::Order { .. } | LookUp::Nothing | LookUp::CannotTell)
        | Err(_) => Ok(BookingOutcome::Booked(known)),
    }
}

/// Determines the result of an unfinished claim, without ever buying.
async fn resolve(
    dependencies: &BookingDependencies,
    id: &ShipmentId,
    shipment: &ShipmentRecord,
    now: Timestamp,
) -> Result<BookingOutcome, FlowFailure> {
    let is_pending = shipment.standing == Standing::Pending;
    match look_up(dependencies, id, shipment).await {
        Ok(LookUp::Booking(booking)) => record(dependencies, id, shipment, booking).await,
        Ok(LookUp::Order { is_queued, .. }) if is_queued || is_pending => {
            Ok(BookingOutcome::Pending)
        }
        Ok(LookUp::CannotTell) if is_pending => {
            Box::pin(ask_again(dependencies, id, shipment, now)).await
        }
        Ok(LookUp::Nothing | LookUp::CannotTell) if is_pending => Ok(BookingOutcome::Pending),
        Err(failure) if is_pending => {
            told_without(&failure);
            Ok(BookingOutcome::Pending)
        }
        Ok(LookUp::Order { .. }) => Err(FlowFailure::NotFound(NO_LABEL)),
        Ok(LookUp::Nothing) if shipment.standing == Standing::Ordered => {
            Err(FlowFailure::NotFound(NO_LABEL))
        }
        Ok(LookUp::Nothing) => Err(FlowFailure::NotFound(
            "the aggregator has no such order; repeat the request to buy it",
        )),
        Err(FlowFailure::BadCredentials) => Err(FlowFailure::BadCredentials),
        Ok(LookUp::CannotTell) => Err(FlowFailure::OutcomeUnknown(None)),
        Err(failure) => Err(FlowFailure::OutcomeUnknown(Some(failure.into()))),
    }
}

/// Repeats a request that the aggregator has queued: the only way to get its result if there is no look-up.
async fn ask_again(
    dependencies: &BookingDependencies,
    id: &ShipmentId,
    shipment: &ShipmentRecord,
    now: Timestamp,
) -> Result<BookingOutcome, FlowFailure> {
    let chosen = choose(
        &dependencies.accounts,
        &id.client_id,
        Some(&shipment.facts.alias),
    )
    .await?;
    let request = shipment.asked_for.as_ref().and_then(|packed| {
        let body = unpack(packed).ok()?;
        read_body(&body, |fields| contract::read(fields, id.shipment_type)).ok()
    });
    let Some(request) = request.filter(|_| chosen.aggregator.repeats_safely()) else {
        return Ok(BookingOutcome::Pending);
    };
    let order = OrderRequest::again(dependencies, chosen, id.clone(), request.request, shipment);
    let doubt = doubt(shipment.standing);
    let claim = order.take_over(shipment, Some(doubt), now).await?;
    reconcile(&order, &claim).await
}

/// Logs that the response uses the record. The cause of a failed aggregator call is logged where it was made.
fn told_without(failure: &FlowFailure) {
    if matches!(failure, FlowFailure::Store(_) | FlowFailure::BadCredentials) {
        let error = crate::telemetry::chain(failure);
        tracing::error!(error, "look-up failed: responded from the record");
    }
}

async fn look_up(
    dependencies: &BookingDependencies,
    id: &ShipmentId,
    shipment: &ShipmentRecord,
) -> Result<LookUp, FlowFailure> {
    let Chosen {
        account,
        aggregator,
    } = choose(
        &dependencies.accounts,
        &id.client_id,
        Some(&shipment.facts.alias),
    )
    .await?;
    let call = dependencies.call(&account, Deadline::after(DEADLINE));
    let look_up = aggregator.look_up(call, reference(id, shipment));
    let found = dependencies.noted_look_up(&account, look_up).await;
    found.map_err(|failure| FlowFailure::of(&account.aggregator, failure))
}

/// The reference of a shipment for its aggregator.
pub fn reference<'a>(id: &'a ShipmentId, shipment: &'a ShipmentRecord) -> BookingReference<'a> {
    BookingReference {
        shipment_type: id.shipment_type,
        order_number: &id.order_number,
        shipment_code: id.shipment_code.as_ref(),
        round: shipment.round,
        naming: shipment.naming,
        order_id: shipment.facts.order_id.as_ref(),
        awb: shipment.facts.awb.as_ref(),
        reached: &shipment.progress,
    }
}

async fn record(
    dependencies: &BookingDependencies,
    id: &ShipmentId,
    shipment: &ShipmentRecord,
    booking: Booking,
) -> Result<BookingOutcome, FlowFailure> {
    let booked = NewBooking {
        facts: &shipment.facts,
        booking: &booking,
    };
    let (seen, request) = (shipment.seen(), shipment.asked_for.clone());
    let shipments = &dependencies.shipments;
    match shipments
        .book_with(id, seen, booked, TakeOver::Never, request)
        .await?
    {
        Recorded::Done => Ok(BookingOutcome::Booked(booking)),
        Recorded::Outrun => Err(FlowFailure::InProgress(Duration::from_secs(1))),
        Recorded::Taken(taken) => Err(FlowFailure::IdTaken(taken)),
    }
}
