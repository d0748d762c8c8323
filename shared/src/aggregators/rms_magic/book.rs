//! Books a label or a return AWB with one call.

use crate::aggregators::call::AggregatorCall;
use crate::aggregators::rms_magic::call::{GENERATE_LABEL, GENERATE_RETURN, post};
use crate::aggregators::rms_magic::refusal;
use crate::aggregators::rms_magic::wire::MagicAnswer;
use crate::contract::shipment::body::ShipmentBody;
use crate::domain::booking::Booked;
use crate::domain::order::ShipmentRequest;
use crate::domain::shipment::ShipmentType;
use crate::partners::failure::PartnerFailure;
use crate::partners::transport::{Operation, exchange};

const BOOK: Operation = Operation::creates("book");

/// Books with one call.
pub(super) async fn book(
    call: AggregatorCall<'_>,
    request: &ShipmentRequest,
) -> Result<Booked, PartnerFailure> {
    let shipment_type = request.purpose.shipment_type();
    let name = match shipment_type {
        ShipmentType::Forward => GENERATE_LABEL,
        ShipmentType::Return => GENERATE_RETURN,
    };
    let asked = post(call.partner.account, name, &ShipmentBody::to_send(request))?;
    let answered = exchange(call.partner, BOOK, asked).await?;
    answered.read(|reply| {
        refusal::check(reply)?;
        let answer = MagicAnswer::of(reply).ok_or(BOOK.unclear())?;
        let is_ours = answer
            .order_number()
            .is_none_or(|order_number| order_number == request.order_number.as_str());
        let booking = answer.booking(shipment_type).filter(|_| is_ours);
        booking.map(Booked::Now).ok_or(BOOK.unclear())
    })
}
