//! The ids of the seller's locations. An exchange names them by id, the account by nickname.

use serde_json::Value;

use crate::aggregators::call::AggregatorCall;
use crate::aggregators::exchange::{ExchangeHalf, ExchangeOrder};
use crate::aggregators::shiprocket::account::{PICKUP_LOCATION, PICKUP_LOCATIONS};
use crate::aggregators::shiprocket::call::get;
use crate::aggregators::shiprocket::exchange::wire::ExchangeBody;
use crate::aggregators::shiprocket::refusal;
use crate::aggregators::shiprocket::session::ask;
use crate::aggregators::shiprocket::wire::{ShiprocketAnswer, text};
use crate::outbound::client::Reply;
use crate::partners::failure::PartnerFailure;
use crate::partners::transport::Operation;

const LIST: Operation = Operation::reads("list_locations");

/// Enters the locations of both halves: each half's warehouse selects its nickname.
pub(super) async fn name(
    call: AggregatorCall<'_>,
    exchange: ExchangeOrder<'_>,
    body: &mut ExchangeBody<'_>,
) -> Result<(), PartnerFailure> {
    let forward = nickname(call, exchange.forward)?;
    let returned = nickname(call, exchange.returned)?;
    let request = get(call.partner.account, PICKUP_LOCATIONS, &[])?;
    let answered = ask(call.partner, LIST, request).await?;
    let [forward, returned] =
        answered.read(|reply| Ok([located(reply, forward)?, located(reply, returned)?]))?;
    let missing = PartnerFailure::NotConfigured("pickupLocation that Shiprocket knows");
    let [Some(forward), Some(returned)] = [forward, returned] else {
        return Err(missing);
    };
    body.seller_pickup_location_id = forward;
    body.seller_shipping_location_id = returned;
    Ok(())
}

fn nickname<'a>(
    call: AggregatorCall<'a>,
    half: ExchangeHalf<'_>,
) -> Result<&'a str, PartnerFailure> {
    let warehouse = half.request.warehouse.as_ref();
    let nickname = call.account.setting(PICKUP_LOCATION, warehouse);
    nickname.ok_or(PartnerFailure::NotConfigured("pickupLocation"))
}

/// The id of the location with this nickname; `None` if there is none.
fn located(reply: &Reply, nickname: &str) -> Result<Option<String>, PartnerFailure> {
    let answer = ShiprocketAnswer::of(reply).ok_or(LIST.unclear())?;
    if reply.status >= 300 || refusal::is_failure(&answer) {
        return Err(LIST.unclear());
    }
    let locations = answer
        .at("/data/shipping_address")
        .and_then(Value::as_array);
    let mut locations = locations.ok_or(LIST.unclear())?.iter();
    let named = locations.find(|location| {
        let theirs = location.get("pickup_location").and_then(text);
        theirs.as_deref() == Some(nickname)
    });
    Ok(named.and_then(|location| text(location.get("id")?)))
}
