//! Cancels orders and shipments.

use crate::aggregators::call::AggregatorCall;
use crate::aggregators::reference::BookingReference;
use crate::aggregators::shiprocket::call::post;
use crate::aggregators::shiprocket::look_up::{find, show};
use crate::aggregators::shiprocket::order::kept::order_id;
use crate::aggregators::shiprocket::refusal;
use crate::aggregators::shiprocket::session::ask;
use crate::aggregators::shiprocket::wire::{CancelOrders, CancelShipments, ShiprocketAnswer, id};
use crate::domain::booking::Cancellation;
use crate::domain::text::{AggregatorOrderId, Awb};
use crate::outbound::client::Reply;
use crate::partners::failure::{PartnerFailure, Refusal};
use crate::partners::transport::Operation;

/// Shiprocket refuses some cancellations with status 500.
const CANCEL_ORDER: Operation = Operation {
    judged: &[500],
    ..Operation::creates("cancel_order")
};
const CANCEL_SHIPMENT: Operation = Operation::creates("cancel_shipment");

/// Cancels. Cancelling an order takes effect at once, cancelling a shipment later; so the order is cancelled if it is
/// known.
pub(super) async fn cancel(
    call: AggregatorCall<'_>,
    reference: BookingReference<'_>,
) -> Result<Cancellation, PartnerFailure> {
    if let Some(order_id) = order_id(reference) {
        return cancel_order(call, &order_id).await;
    }
    if let Some(awb) = reference.awb {
        return cancel_shipment(call, awb).await;
    }
    let name = reference.name();
    match find(call, &name, reference.shipment_type).await? {
        Some(order) if order.is_cancelled => Ok(Cancellation::Done),
        Some(order) => cancel_order(call, &order.ids.order).await,
        None => Err(PartnerFailure::Refused(Refusal {
            code: Some("unknown-order".to_owned()),
            message: Some(format!("Shiprocket has no order {name}")),
        })),
    }
}

/// Cancels an order with its shipment. Not every refusal for a cancelled order says that it is cancelled, but the order
/// does.
pub(super) async fn cancel_order(
    call: AggregatorCall<'_>,
    order_id: &AggregatorOrderId,
) -> Result<Cancellation, PartnerFailure> {
    let cancelled = try_to_cancel(call, order_id).await;
    if matches!(cancelled, Err(PartnerFailure::Refused(_))) {
        let order = show(call, order_id).await.ok().flatten();
        if order.is_some_and(|order| order.is_cancelled) {
            return Ok(Cancellation::Done);
        }
    }
    cancelled
}

async fn try_to_cancel(
    call: AggregatorCall<'_>,
    order_id: &AggregatorOrderId,
) -> Result<Cancellation, PartnerFailure> {
    let body = CancelOrders {
        ids: [id(order_id.as_str())],
    };
    let request = post(call.partner.account, "orders/cancel", &body)?;
    let answered = ask(call.partner, CANCEL_ORDER, request).await?;
    answered.read(|reply| {
        let bad_id = reply.status == 500 && refusal::says_bad_id(&refusal::of(reply));
        match accepted(reply) {
            Err(PartnerFailure::Refused(_)) if reply.status == 500 && !bad_id => {
                Err(CANCEL_ORDER.unclear())
            }
            accepted => accepted.map(|()| Cancellation::Done),
        }
    })
}

/// Whether a cancellation was accepted: an empty body, or one without a failure. Already cancelled counts as accepted.
fn accepted(reply: &Reply) -> Result<(), PartnerFailure> {
    let answer = ShiprocketAnswer::of(reply);
    let told = refusal::of(reply);
    let fails = answer.as_ref().is_some_and(refusal::is_failure);
    if refusal::says_cancelled(&told) {
        Ok(())
    } else if reply.status >= 300 || fails {
        Err(PartnerFailure::Refused(told))
    } else if answer.is_some() || reply.body.trim_ascii().is_empty() {
        Ok(())
    } else {
        Err(PartnerFailure::OutcomeUnknown)
    }
}

/// Requests the cancellation of a shipment, which Shiprocket processes later.
pub(super) async fn cancel_shipment(
    call: AggregatorCall<'_>,
    awb: &Awb,
) -> Result<Cancellation, PartnerFailure> {
    let body = CancelShipments {
        awbs: [awb.as_str()],
    };
    let request = post(call.partner.account, "orders/cancel/shipment/awbs", &body)?;
    let answered = ask(call.partner, CANCEL_SHIPMENT, request).await?;
    answered.read(|reply| {
        let outcome = if refusal::says_cancelled(&refusal::of(reply)) {
            Cancellation::Done
        } else {
            Cancellation::Requested
        };
        accepted(reply).map(|()| outcome)
    })
}
