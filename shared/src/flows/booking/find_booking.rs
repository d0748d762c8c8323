//! Reads a booking back; asks the aggregator where ours is not complete.

use std::time::Duration;

use jiff::Timestamp;
use url::Url;

use crate::aggregators::Found;
use crate::aggregators::reference::Reference;
use crate::contract::fields::{Violation, read_body};
use crate::contract::shipment as contract;
use crate::domain::booking::Booking;
use crate::domain::claim::Standing;
use crate::domain::claim_record::Shipment;
use crate::domain::client::Caller;
use crate::domain::facts::Facts;
use crate::domain::shipment::ShipmentType;
use crate::domain::shipment_id::ShipmentId;
use crate::domain::text::{AccountAlias, AggregatorOrderId, OrderNumber, ShipmentCode};
use crate::flows::booking::account::{Chosen, choose};
use crate::flows::booking::book_shipment::{Outcome, reconcile};
use crate::flows::booking::claim_order::{Order, doubt};
use crate::flows::booking::dependencies::BookingDependencies;
use crate::flows::failure::FlowFailure;
use crate::partners::call::Deadline;
use crate::store::packed::unpack;

/// The aggregator's share of the 25 seconds in which a caller is answered.
const DEADLINE: Duration = Duration::from_secs(20);
const ABSENT: &str = "there is no such order";

/// Which booking is wanted.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Label or return AWB.
    pub shipment_type: ShipmentType,
    /// By which id.
    pub by: WantedBy,
    /// The account, where the aggregator's id alone is ambiguous.
    pub alias: Option<AccountAlias>,
}

/// The id by which a booking is wanted.
#[derive(Debug, Clone)]
pub enum WantedBy {
    /// The aggregator's.
    OrderId(AggregatorOrderId),
    /// The client's, with the code of one of several parcels.
    OrderNumber(OrderNumber, Option<ShipmentCode>),
}

/// A booking and the order number that it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundBooking {
    /// The client's order number.
    pub order_number: OrderNumber,
    /// Where it stands.
    pub outcome: Outcome,
}

/// Finds a booking.
pub async fn find_booking(
    dependencies: &BookingDependencies,
    caller: &Caller,
    wanted: &Wanted,
    now: Timestamp,
) -> Result<FoundBooking, FlowFailure> {
    let id = identify(dependencies, caller, wanted).await?;
    let shipment = dependencies
        .shipments
        .get(&id)
        .await?
        .ok_or(FlowFailure::NotFound(ABSENT))?;
    let outcome = match shipment.standing {
        Standing::Booked if is_complete(&shipment) => Outcome::Booked(recorded(&shipment)?),
        Standing::Booked => complete(dependencies, &id, &shipment).await?,
        Standing::Claimed if shipment.lease().is_some_and(|until| until > now) => {
            return Err(FlowFailure::InProgress(Duration::from_secs(1)));
        }
        Standing::Claimed | Standing::Uncertain | Standing::Pending | Standing::Ordered => {
            resolve(dependencies, &id, &shipment, now).await?
        }
        Standing::Observed | Standing::Released | Standing::Cancelled => {
            return Err(FlowFailure::NotFound(ABSENT));
        }
    };
    Ok(FoundBooking {
        order_number: id.order_number,
        outcome,
    })
}

/// Where the label of a booking is now, if the aggregator says another place than the recorded one: some label URLs expire.
pub async fn moved_label(
    dependencies: &BookingDependencies,
    caller: &Caller,
    wanted: &Wanted,
) -> Result<Option<Url>, FlowFailure> {
    let id = identify(dependencies, caller, wanted).await?;
    let Some(shipment) = dependencies.shipments.get(&id).await? else {
        return Ok(None);
    };
    let Ok(Found::Booking(booking)) = look_up(dependencies, &id, &shipment).await else {
        return Ok(None);
    };
    if shipment.facts.awb.as_ref() != Some(&booking.awb) || booking.label_url == shipment.label_url
    {
        return Ok(None);
    }
    let url = booking.label_url;
    let known = recorded(&shipment)?;
    let moved = Booking {
        label_url: url.clone(),
        ..known
    };
    record(dependencies, &id, &shipment, moved).await?;
    Ok(url)
}

/// Which shipment is wanted.
pub async fn identify(
    dependencies: &BookingDependencies,
    caller: &Caller,
    wanted: &Wanted,
) -> Result<ShipmentId, FlowFailure> {
    let client_id = caller.client_id.clone();
    let shipment_type = wanted.shipment_type;
    match &wanted.by {
        WantedBy::OrderNumber(order_number, shipment_code) => Ok(ShipmentId {
            client_id,
            shipment_type,
            order_number: order_number.clone(),
            shipment_code: shipment_code.clone(),
        }),
        WantedBy::OrderId(order_id) => {
            let mut hits = dependencies
                .shipments
                .by_order_id(&client_id, order_id)
                .await?;
            hits.retain(|hit| {
                hit.shipment_type == shipment_type
                    && wanted
                        .alias
                        .as_ref()
                        .is_none_or(|alias| *alias == hit.alias)
            });
            let Facts {
                order_number,
                shipment_code,
                ..
            } = only(hits)?;
            Ok(ShipmentId {
                client_id,
                shipment_type,
                order_number,
                shipment_code,
            })
        }
    }
}

fn only(mut hits: Vec<Facts>) -> Result<Facts, FlowFailure> {
    let hit = hits.pop().ok_or(FlowFailure::NotFound(ABSENT))?;
    if hits.is_empty() {
        return Ok(hit);
    }
    Err(FlowFailure::Invalid(vec![Violation {
        pointer: "/logisticAccountAlias".to_owned(),
        detail: "several accounts have an order with this orderId; name the account".to_owned(),
    }]))
}

fn recorded(shipment: &Shipment) -> Result<Booking, FlowFailure> {
    shipment.booking().ok_or(FlowFailure::OutcomeUnknown)
}

/// A claim that a push or an operator settled may lack what only the aggregator can say.
fn is_complete(shipment: &Shipment) -> bool {
    let has_document =
        shipment.label_url.is_some() || shipment.facts.shipment_type == ShipmentType::Return;
    shipment.facts.order_id.is_some() && has_document
}

/// Completes a booking as far as the aggregator can; what is known already is the answer otherwise.
async fn complete(
    dependencies: &BookingDependencies,
    id: &ShipmentId,
    shipment: &Shipment,
) -> Result<Outcome, FlowFailure> {
    let known = recorded(shipment)?;
    match look_up(dependencies, id, shipment).await {
        Ok(Found::Booking(booking)) if booking.awb == known.awb => {
            record(dependencies, id, shipment, booking).await
        }
        Ok(Found::Booking(_) | Found::Nothing | Found::CannotTell) | Err(_) => {
            Ok(Outcome::Booked(known))
        }
    }
}

/// Finds out what became of an unfinished claim, without ever buying.
async fn resolve(
    dependencies: &BookingDependencies,
    id: &ShipmentId,
    shipment: &Shipment,
    now: Timestamp,
) -> Result<Outcome, FlowFailure> {
    let is_pending = shipment.standing == Standing::Pending;
    match look_up(dependencies, id, shipment).await {
        Ok(Found::Booking(booking)) => record(dependencies, id, shipment, booking).await,
        Ok(Found::CannotTell) if is_pending => {
            Box::pin(ask_again(dependencies, id, shipment, now)).await
        }
        Ok(Found::Nothing | Found::CannotTell) | Err(_) if is_pending => Ok(Outcome::Pending),
        Ok(Found::Nothing) if shipment.standing == Standing::Ordered => Err(FlowFailure::NotFound(
            "the order has no label yet; ask for one",
        )),
        Ok(Found::Nothing) => Err(FlowFailure::NotFound(
            "the aggregator has no such order; repeat the request to buy it",
        )),
        Err(FlowFailure::BadCredentials) => Err(FlowFailure::BadCredentials),
        Ok(Found::CannotTell) | Err(_) => Err(FlowFailure::OutcomeUnknown),
    }
}

/// Repeats a request that its aggregator has queued: the one way to hear of it where nothing can be looked up.
async fn ask_again(
    dependencies: &BookingDependencies,
    id: &ShipmentId,
    shipment: &Shipment,
    now: Timestamp,
) -> Result<Outcome, FlowFailure> {
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
        return Ok(Outcome::Pending);
    };
    let order = Order::again(dependencies, chosen, id.clone(), request.request);
    let doubt = doubt(shipment.standing);
    let claim = order.take_over(shipment, Some(doubt), now).await?;
    reconcile(&order, &claim).await
}

async fn look_up(
    dependencies: &BookingDependencies,
    id: &ShipmentId,
    shipment: &Shipment,
) -> Result<Found, FlowFailure> {
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
    aggregator
        .look_up(call, reference(id, shipment))
        .await
        .map_err(|failure| FlowFailure::of(&account.aggregator, failure))
}

/// What is known of a shipment, for its aggregator.
pub fn reference<'a>(id: &'a ShipmentId, shipment: &'a Shipment) -> Reference<'a> {
    Reference {
        shipment_type: id.shipment_type,
        order_number: &id.order_number,
        shipment_code: id.shipment_code.as_ref(),
        round: shipment.round,
        order_id: shipment.facts.order_id.as_ref(),
        awb: shipment.facts.awb.as_ref(),
        reached: &shipment.progress,
    }
}

async fn record(
    dependencies: &BookingDependencies,
    id: &ShipmentId,
    shipment: &Shipment,
    booking: Booking,
) -> Result<Outcome, FlowFailure> {
    if dependencies
        .shipments
        .book(id, shipment.seen(), &shipment.facts, &booking)
        .await?
    {
        Ok(Outcome::Booked(booking))
    } else {
        Err(FlowFailure::InProgress(Duration::from_secs(1)))
    }
}
