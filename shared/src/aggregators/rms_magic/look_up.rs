//! Looks up a label or a return AWB.

use crate::aggregators::LookUp;
use crate::aggregators::call::AggregatorCall;
use crate::aggregators::reference::BookingReference;
use crate::aggregators::rms_magic::call::{GET_LABEL, GET_RETURN, get};
use crate::aggregators::rms_magic::wire::{order_named, read_booking};
use crate::domain::shipment::ShipmentType;
use crate::outbound::client::Reply;
use crate::partners::failure::PartnerFailure;
use crate::partners::transport::{Operation, exchange};

const LOOK_UP: Operation = Operation::reads("look_up");

/// Looks up a booking by the aggregator's id, otherwise by our order number.
pub(super) async fn look_up(
    call: AggregatorCall<'_>,
    reference: BookingReference<'_>,
) -> Result<LookUp, PartnerFailure> {
    let name = match reference.shipment_type {
        ShipmentType::Forward => GET_LABEL,
        ShipmentType::Return => GET_RETURN,
    };
    let asked = get(call.partner.account, name, &query(reference))?;
    let answered = exchange(call.partner, LOOK_UP, asked).await?;
    answered.read(|reply| judge_lookup(reply, reference))
}

/// Look-up by the aggregator's id is documented; look-up by our order number is the extension.
fn query(reference: BookingReference<'_>) -> Vec<(&'static str, &str)> {
    if let Some(order_id) = reference.order_id {
        return vec![("orderId", order_id.as_str())];
    }
    let order_number = ("orderNumber", reference.order_number.as_str());
    let code = reference
        .shipment_code
        .map(|code| ("shipmentCode", code.as_str()));
    std::iter::once(order_number).chain(code).collect()
}

fn judge_lookup(reply: &Reply, reference: BookingReference<'_>) -> Result<LookUp, PartnerFailure> {
    let asked_by_number = reference.order_id.is_none();
    let is_ours = order_named(reply).as_deref() == Some(reference.order_number.as_str());
    match reply.status {
        200..=299 => read_booking(reply, reference.shipment_type)
            .filter(|_| is_ours)
            .map(LookUp::Booking)
            .ok_or(LOOK_UP.unclear()),
        404 if asked_by_number && is_ours && denies(reply) => Ok(LookUp::Nothing),
        _ => Ok(LookUp::CannotTell),
    }
}

/// Whether the response says explicitly that the order does not exist.
fn denies(reply: &Reply) -> bool {
    let body: Option<serde_json::Value> = serde_json::from_slice(&reply.body).ok();
    body.is_some_and(|body| body.get("found") == Some(&serde_json::Value::Bool(false)))
}
