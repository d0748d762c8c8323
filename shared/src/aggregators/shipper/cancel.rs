//! Cancels an order, with or without an AWB.

use crate::aggregators::call::AggregatorCall;
use crate::aggregators::reference::BookingReference;
use crate::aggregators::shipper::book::request;
use crate::aggregators::shipper::call::delete;
use crate::aggregators::shipper::look_up::{KeptOrder, kept, kept_under_name, known_as};
use crate::aggregators::shipper::refusal::accept_nothing;
use crate::aggregators::shipper::wire::CancelRequest;
use crate::domain::booking::Cancellation;
use crate::domain::text::AggregatorOrderId;
use crate::partners::failure::{PartnerFailure, Refusal};
use crate::partners::transport::{Operation, exchange};

const CANCEL: Operation = Operation::creates("cancel");
const REASON: &str = "Cancelled by the merchant";

/// Cancels an order by its id, which is looked up by our name if it is unknown.
pub(super) async fn cancel(
    call: AggregatorCall<'_>,
    reference: BookingReference<'_>,
) -> Result<Cancellation, PartnerFailure> {
    if let Some(order_id) = known_as(reference) {
        return cancel_order(call, reference, &order_id).await;
    }
    let name = request::external_id(&reference)?;
    match kept_under_name(call, &name).await? {
        KeptOrder::Waiting { order_id, .. } => cancel_order(call, reference, &order_id).await,
        KeptOrder::Booked(booking) => match &booking.order_id {
            Some(order_id) => cancel_order(call, reference, order_id).await,
            None => Err(PartnerFailure::OutcomeUnknown),
        },
        KeptOrder::Cancelled => Ok(Cancellation::Done),
        KeptOrder::Nothing => Err(PartnerFailure::Refused(Refusal {
            code: None,
            message: Some("Shipper has no order of this name".to_owned()),
        })),
        KeptOrder::Unclear => Err(PartnerFailure::OutcomeUnknown),
    }
}

async fn cancel_order(
    call: AggregatorCall<'_>,
    reference: BookingReference<'_>,
    order_id: &AggregatorOrderId,
) -> Result<Cancellation, PartnerFailure> {
    let body = CancelRequest { reason: REASON };
    let request = delete(call, &["order", order_id.as_str()], &body)?;
    let answered = exchange(call.partner, CANCEL, request).await?;
    match answered.read(|reply| accept_nothing(reply, CANCEL)) {
        // An earlier cancellation may have taken effect without a response.
        Err(PartnerFailure::Refused(refusal)) => match kept(call, reference).await {
            Ok(KeptOrder::Cancelled) => Ok(Cancellation::Done),
            Ok(_) | Err(_) => Err(PartnerFailure::Refused(refusal)),
        },
        judged => judged.map(|()| Cancellation::Done),
    }
}
