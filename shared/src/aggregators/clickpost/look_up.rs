//! Looks up an order by its AWB and courier, and requests its label.

use url::Url;

use crate::aggregators::LookUp;
use crate::aggregators::call::AggregatorCall;
use crate::aggregators::clickpost::book::answer::{
    ExpectedOrder, account_code_of, booking, courier_of, label_of,
};
use crate::aggregators::clickpost::call::{get, orders};
use crate::aggregators::clickpost::refusal::{DONE, accept};
use crate::aggregators::clickpost::wire::answer::ClickpostAnswer;
use crate::aggregators::reference::BookingReference;
use crate::domain::booking::Booking;
use crate::domain::shipment::ShipmentType;
use crate::domain::text::Awb;
use crate::partners::failure::PartnerFailure;
use crate::partners::transport::{Operation, exchange};

const LOOK_UP: Operation = Operation::reads("look_up");
const LABEL: Operation = Operation::reads("fetch_label");

/// Orders can only be found by AWB: without one, nothing is sent.
pub(super) async fn look_up(
    call: AggregatorCall<'_>,
    reference: BookingReference<'_>,
) -> Result<LookUp, PartnerFailure> {
    let (Some(awb), Some(courier)) = (reference.awb, courier_of(call.account, reference)) else {
        return Ok(LookUp::CannotTell);
    };
    let query = [("awb", awb.as_str()), ("cp_id", &courier.to_string())];
    let asked = get(call.partner.account, orders(call.account.region), &query)?;
    let answered = exchange(call.partner, LOOK_UP, asked).await?;
    let answer = answered.read(|reply| match accept(reply, &[DONE], LOOK_UP) {
        Ok(answer) => Ok(Some(answer)),
        Err(PartnerFailure::Refused(_)) => Ok(None),
        // An unknown order is answered with an object without data.
        Err(PartnerFailure::Unreadable) if ClickpostAnswer::of(reply).is_some() => Ok(None),
        Err(failure) => Err(failure),
    });
    let Some(answer) = answer? else {
        return Ok(LookUp::CannotTell);
    };
    let ours = ExpectedOrder {
        reference_number: reference.name(),
        order_number: reference.order_number.as_str(),
        courier,
        account_code: account_code_of(call.account, reference, courier),
    };
    match booking(&answer, &ours) {
        Some(found) if found.awb == *awb => {
            let found = with_label(call, reference.shipment_type, found, courier).await;
            Ok(LookUp::Booking(found))
        }
        Some(_) | None => Ok(LookUp::CannotTell),
    }
}

/// The booking of a forward shipment with its label. If there is no label yet, it is a booking nevertheless.
async fn with_label(
    call: AggregatorCall<'_>,
    shipment_type: ShipmentType,
    booking: Booking,
    courier: i64,
) -> Booking {
    if booking.label_url.is_some() || shipment_type == ShipmentType::Return {
        return booking;
    }
    match label(call, &booking.awb, courier).await {
        Ok(label_url) => Booking {
            label_url,
            ..booking
        },
        Err(_) => booking,
    }
}

async fn label(
    call: AggregatorCall<'_>,
    awb: &Awb,
    courier: i64,
) -> Result<Option<Url>, PartnerFailure> {
    let query = [("waybill", awb.as_str()), ("cp_id", &courier.to_string())];
    let asked = get(call.partner.account, "v1/fetch/shippinglabel/", &query)?;
    let answered = exchange(call.partner, LABEL, asked).await?;
    answered.read(|reply| {
        let answer = accept(reply, &[DONE], LABEL)?;
        Ok(label_of(&answer))
    })
}
