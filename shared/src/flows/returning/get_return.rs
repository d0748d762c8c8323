//! Returns a return order. One whose AWB is queued is completed first, if the aggregator has the AWB by now.

use crate::domain::returning::code::ReturnOrderCode;
use crate::domain::shipment::ShipmentType;
use crate::domain::wanted_booking::{WantedBooking, WantedBy};
use crate::flows::booking::book_shipment::BookingOutcome;
use crate::flows::booking::find_booking::find_booking;
use crate::flows::failure::FlowFailure;
use crate::flows::returning::buy_awb::complete;
use crate::flows::returning::dependencies::ReturnRequest;
use crate::flows::returning::read_return::{ABSENT, PresentReturn, ReturnSource, read_return};

/// The return order with this code.
pub async fn get_return(
    request: ReturnRequest<'_>,
    code: &ReturnOrderCode,
) -> Result<PresentReturn, FlowFailure> {
    let client = &request.caller.client_id;
    let source = ReturnSource::of(request.dependencies);
    let read = async || {
        let found = read_return(source, client, code).await?;
        found.ok_or(FlowFailure::NotFound(ABSENT))
    };
    let found = read().await?;
    if found.is_awaiting_awb() && resolve(request, &found).await? {
        return read().await;
    }
    Ok(found)
}

/// Adds the AWB if there is one now. What the aggregator says otherwise does not concern the reader.
async fn resolve(request: ReturnRequest<'_>, found: &PresentReturn) -> Result<bool, FlowFailure> {
    let booking = &request.dependencies.purchase.booking;
    match find_booking(booking, request.caller, &parcel_of(found)?, request.now).await {
        Ok(answer) => match answer.outcome {
            BookingOutcome::Booked(booking) | BookingOutcome::Replayed(booking) => {
                complete(request, found, &booking).await
            }
            BookingOutcome::Pending => Ok(false),
        },
        Err(failure @ FlowFailure::Store(_)) => Err(failure),
        Err(_) => Ok(false),
    }
}

/// The reference to the AWB of a return order.
pub(super) fn parcel_of(found: &PresentReturn) -> Result<WantedBooking, FlowFailure> {
    let number = found.stored.order.return_order_code.order_number();
    let number = number.map_err(|_| FlowFailure::NotFound(ABSENT))?;
    Ok(WantedBooking {
        shipment_type: ShipmentType::Return,
        by: WantedBy::OrderNumber(number, None),
        alias: None,
    })
}
