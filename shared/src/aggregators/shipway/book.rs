//! Books: one call creates the order and buys its AWB.

pub(super) mod address;
pub(super) mod answer;
pub(super) mod lines;
pub(super) mod request;

use crate::aggregators::call::AggregatorCall;
use crate::aggregators::reference::BookingReference;
use crate::aggregators::shipway::book::answer::BookingAnswer;
use crate::aggregators::shipway::book::request::{ReturnTerms, ShipwayWarehouses};
use crate::aggregators::shipway::call::post;
use crate::aggregators::shipway::look_up::{KeptOrder, ask_for, read_orders};
use crate::aggregators::shipway::order::reach;
use crate::domain::booking::Booked;
use crate::domain::order::{Purpose, ShipmentRequest};
use crate::domain::shipment::ShipmentType;
use crate::domain::text::AggregatorOrderId;
use crate::outbound::client::OutboundRequest;
use crate::partners::failure::PartnerFailure;
use crate::partners::progress::Progress;
use crate::partners::transport::{Operation, exchange};

const BOOK: Operation = Operation::creates("book");
pub(super) const PUSH_ORDER: &str = "v2orders";
const CREATE_RETURN: &str = "Createreturns";
/// The step that is reached when Shipway has the order, with or without an AWB.
pub(super) const ORDER: &str = "order";

/// Creates and books an order with one call. The result of an earlier attempt is looked up first.
pub(super) async fn book(
    call: AggregatorCall<'_>,
    reference: BookingReference<'_>,
    request: &ShipmentRequest,
    progress: &mut Progress<'_>,
) -> Result<Booked, PartnerFailure> {
    request::check_region(call.account)?;
    let order_id = request::order_id(&reference.name())?;
    let creation = creation(call, request, &order_id)?;
    if progress.at(ORDER).is_some()
        && let Some(booked) = booked_before(call, reference, &order_id).await?
    {
        return Ok(booked);
    }
    let answered = exchange(call.partner, BOOK, creation).await?;
    let mut is_order_alone = false;
    let booked =
        answered.read(
            |reply| match answer::created(reply, &order_id, reference.shipment_type) {
                BookingAnswer::Booked(booking) => Ok(Booked::Now(*booking)),
                BookingAnswer::OrderAlone(refusal) => {
                    is_order_alone = true;
                    Err(refusal.map_or(BOOK.unclear(), PartnerFailure::Refused))
                }
                BookingAnswer::Refused(refusal) => Err(PartnerFailure::Refused(refusal)),
                BookingAnswer::Unclear => Err(BOOK.unclear()),
            },
        );
    if is_order_alone {
        reach(progress, &order_id).await?;
    }
    booked
}

/// The call that creates and books the order.
fn creation(
    call: AggregatorCall<'_>,
    request: &ShipmentRequest,
    order_id: &AggregatorOrderId,
) -> Result<OutboundRequest, PartnerFailure> {
    let account = call.account;
    match &request.purpose {
        Purpose::Forward => {
            let warehouses = ShipwayWarehouses::shipping(account, request)?;
            let order = request::order(request, order_id, Some(warehouses))?;
            post(call.partner.account, PUSH_ORDER, &order)
        }
        Purpose::Return { reason } => {
            let warehouses = ShipwayWarehouses::receiving(account, request)?;
            let terms = ReturnTerms::of(account, request, reason)?;
            let order = request::return_order(request, reason, order_id, warehouses, terms)?;
            post(call.partner.account, CREATE_RETURN, &order)
        }
    }
}

/// The booking of an order that Shipway already has, so that nothing is bought twice. A return may be missing from its
/// orders; if only the refusal of its AWB is known, it is requested again.
async fn booked_before(
    call: AggregatorCall<'_>,
    reference: BookingReference<'_>,
    order_id: &AggregatorOrderId,
) -> Result<Option<Booked>, PartnerFailure> {
    let shipment_type = reference.shipment_type;
    let answered = ask_for(call, order_id).await?;
    answered.read(
        |reply| match (read_orders(reply, order_id, shipment_type)?, shipment_type) {
            (KeptOrder::Booked(booking), _) => Ok(Some(Booked::Now(*booking))),
            (KeptOrder::Nothing | KeptOrder::OrderAlone | KeptOrder::CancelledAlone, _)
            | (KeptOrder::Unclear, ShipmentType::Return) => Ok(None),
            (KeptOrder::Cancelled | KeptOrder::Illegible, _)
            | (KeptOrder::Unclear, ShipmentType::Forward) => Err(BOOK.unclear()),
        },
    )
}
