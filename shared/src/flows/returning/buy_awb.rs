//! Buys the AWB of a return order by the claim of `POST /return-awbs`, so that one return has one AWB whatever happens
//! between its steps. The return order is stored when the AWB is known, or queued.

use std::sync::Arc;

use crate::contract::fields::read_body;
use crate::contract::return_order::pointers::in_return_order;
use crate::contract::shipment;
use crate::domain::booking::Booking;
use crate::domain::draft::WrongField;
use crate::domain::notification::NotificationType;
use crate::domain::order::ShipmentRequest;
use crate::domain::returning::event::{DatedReturnEvent, ReturnEvent};
use crate::domain::returning::purchase::ReturnPurchase;
use crate::domain::returning::return_order::ReturnOrder;
use crate::domain::shipment::ShipmentType;
use crate::flows::booking::account::Chosen;
use crate::flows::booking::book_shipment::{BookingOutcome, book_order};
use crate::flows::booking::claim_order::OrderRequest;
use crate::flows::failure::FlowFailure;
use crate::flows::returning::announce::{Announcement, ReturnNews, announce_again};
use crate::flows::returning::create_return::{Before, Creation, Known, Placed, Written};
use crate::flows::returning::dependencies::ReturnRequest;
use crate::flows::returning::read_return::PresentReturn;
use crate::store::returning::return_orders::{Appended, StoredReturn};

/// What tells the assignment of the AWB from other events.
pub(super) const AWB_EVENT: &str = "AWB";
/// What tells the end of a purchase that was refused from other events.
const REFUSED_EVENT: &str = "refused";
/// The setting of an account with the seller's GST registration.
const SELLER_GSTIN: &str = "sellerGstin";

/// Creates a return order with an AWB of this account; `None` if another request was faster.
pub(super) async fn buy(
    creation: Creation<'_>,
    chosen: &Chosen,
) -> Result<Option<Placed>, FlowFailure> {
    let known = creation.known().await?;
    let (replaces, pending) = match creation.before(&known).await? {
        Before::Never => (None, None),
        Before::Cancelled(met) => (Some(met), None),
        Before::Placed(met) if is_waiting(creation, &met) => (None, Some(met)),
        Before::Placed(met) => return creation.replay(&met).await.map(Some),
    };
    let outcome = purchase(creation, chosen, &known).await;
    let outcome = match (outcome, &pending) {
        (Ok(outcome), _) => outcome,
        (Err(failure @ FlowFailure::Refused(..)), Some(pending)) => {
            end(creation.request, pending).await?;
            return Err(failure);
        }
        (Err(failure), _) => return Err(failure),
    };
    match (outcome, pending) {
        (BookingOutcome::Pending, Some(_)) => Ok(Some(Placed::Pending)),
        (BookingOutcome::Pending, None) => {
            let is_written = write(creation, chosen, known, None, replaces.as_ref()).await?;
            Ok(is_written.then_some(Placed::Pending))
        }
        (BookingOutcome::Booked(booking) | BookingOutcome::Replayed(booking), None) => {
            let booking = Some(&booking);
            let is_written = write(creation, chosen, known, booking, replaces.as_ref()).await?;
            Ok(is_written.then_some(Placed::Created))
        }
        (BookingOutcome::Booked(booking) | BookingOutcome::Replayed(booking), Some(pending)) => {
            let is_complete = complete(creation.request, &pending, &booking).await?;
            Ok(is_complete.then_some(Placed::Created))
        }
    }
}

/// Whether an earlier request with the same content waits for its AWB.
fn is_waiting(creation: Creation<'_>, met: &PresentReturn) -> bool {
    met.stored.content == creation.content && met.is_awaiting_awb()
}

async fn purchase(
    creation: Creation<'_>,
    chosen: &Chosen,
    known: &Known,
) -> Result<BookingOutcome, FlowFailure> {
    let request = creation.request;
    let wanted = wanted(creation, chosen, known)?;
    let purchase = &request.dependencies.purchase;
    let order = OrderRequest::of_return(
        &purchase.booking,
        request.caller,
        chosen.clone(),
        wanted,
        creation.content.to_owned(),
        creation.mark(known).bought(),
    );
    let booked = book_order(purchase, request.caller, &order, request.now).await;
    match booked {
        Ok(answer) => Ok(answer.outcome),
        Err(FlowFailure::Invalid(violations)) => Err(FlowFailure::Invalid(
            violations.into_iter().map(in_return_order).collect(),
        )),
        Err(failure) => Err(failure),
    }
}

/// The request for the AWB.
fn wanted(
    creation: Creation<'_>,
    chosen: &Chosen,
    known: &Known,
) -> Result<ShipmentRequest, FlowFailure> {
    let order = creation.order;
    let forward = known.shipments.forward_request.as_ref();
    let forward = forward.and_then(|json| {
        let read = read_body(json, |fields| shipment::read(fields, ShipmentType::Forward));
        Some(read.ok()?.request)
    });
    let purchase = ReturnPurchase {
        order,
        placed_at: order.placed_at(creation.request.now),
        forward: forward.as_ref(),
        region: chosen.account.region,
        account_gstin: chosen
            .account
            .setting(SELLER_GSTIN, Some(&order.location_code)),
        needs_invoice: chosen.aggregator.needs_invoice_of_returns(),
    };
    purchase
        .request()
        .map_err(|wrong: Vec<WrongField>| wrong.into())
}

/// Writes the return order with its AWB, or without it if that is queued.
async fn write(
    creation: Creation<'_>,
    chosen: &Chosen,
    known: Known,
    booking: Option<&Booking>,
    replaces: Option<&PresentReturn>,
) -> Result<bool, FlowFailure> {
    let order = ReturnOrder {
        awb: booking.map(|booking| booking.awb.clone()),
        transporter: booking
            .and_then(|booking| booking.carrier_name.clone())
            .or_else(|| creation.order.transporter.clone()),
        ..creation.order.clone()
    };
    let mark = creation.mark(&known);
    let account = &chosen.account;
    let written = Written {
        order: &order,
        mark: &mark,
        account: Some((&account.alias, &account.aggregator)),
        endpoints: known.endpoints,
        is_told: booking.is_some(),
        replaces: replaces.map(|met| &met.stored),
        also: Vec::new(),
    };
    creation.write(&written).await
}

/// Adds the AWB to a return order that waited for it, and tells the client that it was placed; `false` if another request
/// was faster.
pub(super) async fn complete(
    request: ReturnRequest<'_>,
    pending: &PresentReturn,
    booking: &Booking,
) -> Result<bool, FlowFailure> {
    let StoredReturn {
        order,
        round,
        created_at,
        ..
    } = &pending.stored;
    let word = NotificationType::ReturnOrderPlaced;
    let facts = pending.parcel.as_ref().map(|parcel| &parcel.facts);
    let transporter = booking.carrier_name.clone();
    let endpoints = &request.dependencies.endpoints;
    let endpoints: Arc<_> = endpoints.all(&request.caller.client_id).await?;
    let news = ReturnNews {
        order,
        round: *round,
        created_at: *created_at,
        word,
        account: facts.map(|facts| (&facts.alias, &facts.aggregator)),
        awb: Some(&booking.awb),
        transporter: transporter.as_deref(),
        mark: &pending.mark(),
    };
    let announcement = Announcement::new(request, news, endpoints)?;
    let event = DatedReturnEvent {
        at: request.now,
        identity: AWB_EVENT.to_owned(),
        event: ReturnEvent::AwbAssigned {
            awb: booking.awb.clone(),
            transporter,
        },
    };
    let client = &request.caller.client_id;
    let returns = &request.dependencies.returns;
    let told = announcement.part()?;
    match returns
        .append(client, &pending.stored, &event, [told])
        .await?
    {
        Appended::Added => announcement.send().await.map(|()| true),
        Appended::Known => announce_again(request, order, *round, word)
            .await
            .map(|()| true),
        Appended::Outdated => Ok(false),
    }
}

/// Ends a return order whose AWB was refused in the end. The client was never told that it was placed.
async fn end(request: ReturnRequest<'_>, pending: &PresentReturn) -> Result<(), FlowFailure> {
    let event = DatedReturnEvent {
        at: request.now,
        identity: REFUSED_EVENT.to_owned(),
        event: ReturnEvent::Cancelled,
    };
    let client = &request.caller.client_id;
    let returns = &request.dependencies.returns;
    returns.append(client, &pending.stored, &event, []).await?;
    Ok(())
}
