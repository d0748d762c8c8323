//! Looks an order up by its AWB and courier, and asks for its label.

use url::Url;

use crate::aggregators::Found;
use crate::aggregators::clickpost::book::answer::{
    Ours, account_code_of, booking, courier_of, web_url,
};
use crate::aggregators::clickpost::call::{endpoint, get, orders};
use crate::aggregators::clickpost::refusal::{DONE, accept};
use crate::aggregators::clickpost::wire::answer::Answer;
use crate::aggregators::reference::Reference;
use crate::domain::booking::Booking;
use crate::domain::shipment::ShipmentType;
use crate::domain::text::Awb;
use crate::partners::call::Call;
use crate::partners::failure::Failure;
use crate::partners::transport::{Effect, exchange};

pub(super) async fn look_up(call: Call<'_>, reference: Reference<'_>) -> Result<Found, Failure> {
    let (Some(awb), Some(courier)) = (reference.awb, courier_of(call.account, reference)) else {
        return Ok(Found::CannotTell);
    };
    let mut url = endpoint(call.account, orders(call.account.region))?;
    url.query_pairs_mut()
        .append_pair("awb", awb.as_str())
        .append_pair("cp_id", &courier.to_string());
    let reply = exchange(call, get(url), Effect::Reads).await?;
    let answer = match accept(&reply, &[DONE], Effect::Reads) {
        Ok(answer) => answer,
        Err(Failure::Refused(_)) => return Ok(Found::CannotTell),
        // What it does not find is answered by an object without anything in it.
        Err(Failure::Unreadable) if Answer::of(&reply).is_some() => return Ok(Found::CannotTell),
        Err(failure) => return Err(failure),
    };
    let ours = Ours {
        reference_number: reference.name(),
        order_number: reference.order_number.as_str(),
        courier,
        account_code: account_code_of(call.account, reference, courier),
    };
    match booking(&answer, &ours) {
        Some(found) if found.awb == *awb => {
            let found = with_label(call, reference.shipment_type, found, courier).await;
            Ok(Found::Booking(found))
        }
        Some(_) | None => Ok(Found::CannotTell),
    }
}

/// The booking of a forward shipment with its label; should it still have none, it is a booking all the same.
async fn with_label(
    call: Call<'_>,
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
        Err(failure) => {
            tracing::warn!(
                error = crate::telemetry::chain(&failure),
                "a label cannot be asked for"
            );
            booking
        }
    }
}

async fn label(call: Call<'_>, awb: &Awb, courier: i64) -> Result<Option<Url>, Failure> {
    let mut url = endpoint(call.account, "v1/fetch/shippinglabel/")?;
    url.query_pairs_mut()
        .append_pair("waybill", awb.as_str())
        .append_pair("cp_id", &courier.to_string());
    let reply = exchange(call, get(url), Effect::Reads).await?;
    let answer = accept(&reply, &[DONE], Effect::Reads)?;
    Ok(web_url(answer.given("shipping_label")))
}
