//! Looks up a label or a return AWB.

use crate::aggregators::LookUp;
use crate::aggregators::call::AggregatorCall;
use crate::aggregators::reference::BookingReference;
use crate::aggregators::rms_magic::call::{GET_LABEL, GET_RETURN, get};
use crate::aggregators::rms_magic::wire::MagicAnswer;
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
    let answer = MagicAnswer::of(reply)
        .filter(|answer| answer.order_number().as_deref() == Some(reference.order_number.as_str()));
    match reply.status {
        200..=299 => answer
            .and_then(|answer| answer.booking(reference.shipment_type))
            .map(LookUp::Booking)
            .ok_or(LOOK_UP.unclear()),
        404 if asked_by_number && answer.is_some_and(|answer| answer.denies()) => {
            Ok(LookUp::Nothing)
        }
        _ => Ok(LookUp::CannotTell),
    }
}
