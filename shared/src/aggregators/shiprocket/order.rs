//! Orders, which exist before a courier is chosen.

pub(super) mod kept;

use serde::Serialize;

use crate::aggregators::reference::Reference;
use crate::aggregators::shiprocket::book::{AWB, request};
use crate::aggregators::shiprocket::call::{Ask, in_region};
use crate::aggregators::shiprocket::look_up::find;
use crate::aggregators::shiprocket::order::kept::{Assigned, Ids, ORDER, Order, created_order};
use crate::aggregators::shiprocket::refusal;
use crate::aggregators::shiprocket::session::ask;
use crate::aggregators::shiprocket::wire::Answer;
use crate::domain::order::ShipmentRequest;
use crate::domain::shipment::ShipmentType;
use crate::domain::text::AggregatorOrderId;
use crate::outbound::client::Reply;
use crate::partners::call::Call;
use crate::partners::failure::{Failure, Refusal};
use crate::partners::progress::Progress;

/// Makes an order without an AWB.
pub(super) async fn create_order(
    call: Call<'_>,
    reference: Reference<'_>,
    request: &ShipmentRequest,
    progress: &mut Progress<'_>,
) -> Result<AggregatorOrderId, Failure> {
    let order = ordered(call, reference, request, progress).await?;
    Ok(order.ids.order)
}

/// The order: the one that was made before, else a new one. A cancelled one is kept too, so that it can be cancelled here.
pub(super) async fn ordered(
    call: Call<'_>,
    reference: Reference<'_>,
    request: &ShipmentRequest,
    progress: &mut Progress<'_>,
) -> Result<Order, Failure> {
    if let Some(ids) = progress.at(ORDER).and_then(Ids::unpacked) {
        return Ok(Order {
            ids,
            assigned: progress.at(AWB).and_then(Assigned::unpacked),
            is_cancelled: false,
        });
    }
    let order = created(call, &reference.name(), request).await?;
    keep(progress, ORDER, &order.ids.packed()).await?;
    if order.is_cancelled {
        return Err(refusal::cancelled_order());
    }
    Ok(order)
}

async fn created(call: Call<'_>, name: &str, request: &ShipmentRequest) -> Result<Order, Failure> {
    let shipment_type = request.purpose.shipment_type();
    let creation = match shipment_type {
        ShipmentType::Forward => {
            let order = request::forward_order(call.account, name, request)?;
            create(call, &order).await?
        }
        ShipmentType::Return => {
            let order = request::return_order(call.account, name, request)?;
            create_return(call, &order).await?
        }
    };
    match creation {
        Creation::Order(order) => Ok(order),
        Creation::Taken(refusal) => {
            let found = find(call, name, shipment_type).await;
            let found = found.map_err(|_| Failure::OutcomeUnknown)?;
            found.ok_or(Failure::Refused(refusal))
        }
    }
}

pub(super) async fn keep(progress: &mut Progress<'_>, step: &str, id: &str) -> Result<(), Failure> {
    let kept = progress.reach(step, id).await;
    kept.map_err(|_| Failure::OutcomeUnknown)
}

/// Makes a forward order.
pub(super) async fn create(call: Call<'_>, order: &impl Serialize) -> Result<Creation, Failure> {
    let path = in_region(call, "orders/create/adhoc");
    creation(&ask(call, &Ask::post(&path, order)).await?)
}

/// Makes a return order.
pub(super) async fn create_return(
    call: Call<'_>,
    order: &impl Serialize,
) -> Result<Creation, Failure> {
    creation(&ask(call, &Ask::post("orders/create/return", order)).await?)
}

/// The answer to the creation of an order.
#[derive(Debug)]
pub(super) enum Creation {
    /// The order; it may have existed before.
    Order(Order),
    /// There is one under this name, which is not told.
    Taken(Refusal),
}

/// Reads the answer to `orders/create/…`.
pub(super) fn creation(reply: &Reply) -> Result<Creation, Failure> {
    if reply.status >= 400 {
        let refusal = refusal::of(reply);
        return if refusal::says_taken(reply) {
            Ok(Creation::Taken(refusal))
        } else {
            Err(Failure::Refused(refusal))
        };
    }
    let answer = Answer::of(reply).ok_or(Failure::OutcomeUnknown)?;
    if let Some(order) = answer.at("").and_then(created_order) {
        return Ok(Creation::Order(order));
    }
    let refusal = refusal::of(reply);
    let is_refusal = answer.at("/order_id").is_none() && refusal.message.is_some();
    Err(if is_refusal || refusal::is_failure(&answer) {
        Failure::Refused(refusal)
    } else {
        Failure::OutcomeUnknown
    })
}
