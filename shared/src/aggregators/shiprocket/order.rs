//! Orders without an AWB.

pub(super) mod kept;

use crate::aggregators::call::AggregatorCall;
use crate::aggregators::reference::BookingReference;
use crate::aggregators::shiprocket::book::{AWB, request};
use crate::aggregators::shiprocket::call::{in_region, post};
use crate::aggregators::shiprocket::look_up::find;
use crate::aggregators::shiprocket::order::kept::{
    AssignedAwb, ORDER, OrderIds, ShiprocketOrder, created_order,
};
use crate::aggregators::shiprocket::refusal;
use crate::aggregators::shiprocket::session::ask;
use crate::aggregators::shiprocket::wire::ShiprocketAnswer;
use crate::domain::given_id::GivenId;
use crate::domain::order::ShipmentRequest;
use crate::domain::shipment::ShipmentType;
use crate::domain::text::AggregatorOrderId;
use crate::outbound::client::Reply;
use crate::partners::failure::{PartnerFailure, Refusal};
use crate::partners::progress::Progress;
use crate::partners::transport::Operation;

const CREATE_ORDER: Operation = Operation::creates("create_order");

/// Creates an order without an AWB.
pub(super) async fn create_order(
    call: AggregatorCall<'_>,
    reference: BookingReference<'_>,
    request: &ShipmentRequest,
    progress: &mut Progress<'_>,
) -> Result<AggregatorOrderId, PartnerFailure> {
    let order = ordered(call, reference, request, progress).await?;
    Ok(order.ids.order)
}

/// The existing order, or a new one. A cancelled one is kept too, so that it can be cancelled here.
pub(super) async fn ordered(
    call: AggregatorCall<'_>,
    reference: BookingReference<'_>,
    request: &ShipmentRequest,
    progress: &mut Progress<'_>,
) -> Result<ShiprocketOrder, PartnerFailure> {
    if let Some(ids) = progress.at(ORDER).and_then(OrderIds::unpacked) {
        return Ok(ShiprocketOrder {
            ids,
            assigned: progress.at(AWB).and_then(AssignedAwb::unpacked),
            is_cancelled: false,
        });
    }
    let order = created(call, &reference.name(), request).await?;
    let given = GivenId::OrderId(order.ids.order.clone());
    progress.reach(ORDER, &order.ids.packed(), given).await?;
    if order.is_cancelled {
        return Err(refusal::cancelled_order());
    }
    Ok(order)
}

async fn created(
    call: AggregatorCall<'_>,
    name: &str,
    request: &ShipmentRequest,
) -> Result<ShiprocketOrder, PartnerFailure> {
    let shipment_type = request.purpose.shipment_type();
    let account = call.partner.account;
    let asked = match shipment_type {
        ShipmentType::Forward => {
            let order = request::forward_order(call.account, name, request)?;
            post(account, &in_region(call, "orders/create/adhoc"), &order)?
        }
        ShipmentType::Return => {
            let order = request::return_order(call.account, name, request)?;
            post(account, "orders/create/return", &order)?
        }
    };
    let answered = ask(call.partner, CREATE_ORDER, asked).await?;
    match answered.read(creation)? {
        OrderCreation::Order(order) => Ok(order),
        OrderCreation::Taken(refusal) => {
            let found = find(call, name, shipment_type).await;
            let found = found.map_err(|_| CREATE_ORDER.unclear())?;
            found.ok_or(PartnerFailure::Refused(refusal))
        }
    }
}

/// The result of creating an order.
#[derive(Debug)]
pub(super) enum OrderCreation {
    /// The order; it may have existed before.
    Order(ShiprocketOrder),
    /// An order with this name exists, but the response does not contain it.
    Taken(Refusal),
}

/// Parses the response of `orders/create/…`.
pub(super) fn creation(reply: &Reply) -> Result<OrderCreation, PartnerFailure> {
    if reply.status >= 400 {
        let refusal = refusal::of(reply);
        return if refusal::says_taken(reply) {
            Ok(OrderCreation::Taken(refusal))
        } else {
            Err(PartnerFailure::Refused(refusal))
        };
    }
    let answer = ShiprocketAnswer::of(reply).ok_or(CREATE_ORDER.unclear())?;
    if let Some(order) = answer.at("").and_then(created_order) {
        return Ok(OrderCreation::Order(order));
    }
    let refusal = refusal::of(reply);
    let is_refusal = answer.at("/order_id").is_none() && refusal.message.is_some();
    Err(if is_refusal || refusal::is_failure(&answer) {
        PartnerFailure::Refused(refusal)
    } else {
        CREATE_ORDER.unclear()
    })
}
