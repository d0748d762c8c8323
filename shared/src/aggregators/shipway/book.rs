//! Books: one call makes the order and buys its AWB.

pub(super) mod address;
pub(super) mod answer;
pub(super) mod lines;
pub(super) mod request;

use crate::aggregators::reference::Reference;
use crate::aggregators::shipway::book::answer::Created;
use crate::aggregators::shipway::book::request::{ReturnTerms, Warehouses};
use crate::aggregators::shipway::call::post;
use crate::aggregators::shipway::look_up::{Kept, kept};
use crate::aggregators::shipway::order::reach;
use crate::domain::account::LogisticAccount;
use crate::domain::booking::Booked;
use crate::domain::order::{Purpose, ShipmentRequest};
use crate::domain::shipment::ShipmentType;
use crate::domain::text::AggregatorOrderId;
use crate::outbound::client::{Reply, Request};
use crate::partners::call::Call;
use crate::partners::failure::Failure;
use crate::partners::progress::Progress;
use crate::partners::transport::{Effect, exchange};

pub(super) const PUSH_ORDER: &str = "v2orders";
const CREATE_RETURN: &str = "Createreturns";
/// The step that is reached when Shipway has the order, with or without an AWB.
pub(super) const ORDER: &str = "order";

/// Makes an order and books it by one call. What an earlier attempt left is looked up first.
pub(super) async fn book(
    call: Call<'_>,
    reference: Reference<'_>,
    request: &ShipmentRequest,
    progress: &mut Progress<'_>,
) -> Result<Booked, Failure> {
    request::check_region(call.account)?;
    let order_id = request::order_id(&reference.name())?;
    let creation = creation(call.account, request, &order_id)?;
    if progress.at(ORDER).is_some()
        && let Some(booked) = booked_before(call, reference, &order_id).await?
    {
        return Ok(booked);
    }
    let reply = exchange(call, creation, Effect::Creates).await?;
    settle(&reply, reference.shipment_type, &order_id, progress).await
}

/// The call that makes and books what is asked for.
pub(super) fn creation(
    account: &LogisticAccount,
    request: &ShipmentRequest,
    order_id: &AggregatorOrderId,
) -> Result<Request, Failure> {
    match &request.purpose {
        Purpose::Forward => {
            let warehouses = Warehouses::shipping(account, request)?;
            let order = request::order(request, order_id, Some(warehouses))?;
            post(account, PUSH_ORDER, &order)
        }
        Purpose::Return { reason } => {
            let warehouses = Warehouses::receiving(account, request)?;
            let terms = ReturnTerms::of(account, request, reason)?;
            let order = request::return_order(request, reason, order_id, warehouses, terms)?;
            post(account, CREATE_RETURN, &order)
        }
    }
}

/// The booking of an order that Shipway has, so that nothing is bought twice. A return may be missing from its orders;
/// that its AWB was refused is then all that is known, and it is asked for again.
async fn booked_before(
    call: Call<'_>,
    reference: Reference<'_>,
    order_id: &AggregatorOrderId,
) -> Result<Option<Booked>, Failure> {
    match (
        kept(call, reference, order_id).await?,
        reference.shipment_type,
    ) {
        (Kept::Booked(booking), _) => Ok(Some(Booked::Now(*booking))),
        (Kept::Nothing | Kept::OrderAlone, _) | (Kept::Unclear, ShipmentType::Return) => Ok(None),
        (Kept::Cancelled | Kept::Illegible, _) | (Kept::Unclear, ShipmentType::Forward) => {
            Err(Failure::OutcomeUnknown)
        }
    }
}

/// What the answer of a booking call leaves, with the order kept where it is alone.
async fn settle(
    reply: &Reply,
    shipment_type: ShipmentType,
    order_id: &AggregatorOrderId,
    progress: &mut Progress<'_>,
) -> Result<Booked, Failure> {
    match answer::created(reply, order_id, shipment_type) {
        Created::Booked(booking) => Ok(Booked::Now(*booking)),
        Created::OrderAlone(refusal) => {
            reach(progress, order_id).await?;
            Err(refusal.map_or(Failure::OutcomeUnknown, Failure::Refused))
        }
        Created::Refused(refusal) => Err(Failure::Refused(refusal)),
        Created::Unclear => Err(Failure::OutcomeUnknown),
    }
}
