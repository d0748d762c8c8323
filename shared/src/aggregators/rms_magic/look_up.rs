//! Looks a label or a return AWB up.

use url::Url;

use crate::aggregators::Found;
use crate::aggregators::reference::Reference;
use crate::aggregators::rms_magic::call::{GET_LABEL, GET_RETURN, account_url, get};
use crate::aggregators::rms_magic::wire::{order_named, read_booking};
use crate::domain::shipment::ShipmentType;
use crate::outbound::client::Reply;
use crate::partners::call::Call;
use crate::partners::failure::Failure;
use crate::partners::transport::{Effect, exchange};

/// Looks a booking up by the aggregator's own id, else by our order number.
pub(super) async fn look_up(call: Call<'_>, reference: Reference<'_>) -> Result<Found, Failure> {
    let mut url = match reference.shipment_type {
        ShipmentType::Forward => account_url(call.account, GET_LABEL)?,
        ShipmentType::Return => account_url(call.account, GET_RETURN)?,
    };
    name_order(&mut url, reference);
    let reply = exchange(call, get(call.account, url), Effect::Reads).await?;
    judge_lookup(&reply, reference)
}

/// The aggregator's own id is documented; our order number is the extension.
fn name_order(url: &mut Url, reference: Reference<'_>) {
    let mut query = url.query_pairs_mut();
    if let Some(order_id) = reference.order_id {
        query.append_pair("orderId", order_id.as_str());
        return;
    }
    query.append_pair("orderNumber", reference.order_number.as_str());
    if let Some(code) = reference.shipment_code {
        query.append_pair("shipmentCode", code.as_str());
    }
}

fn judge_lookup(reply: &Reply, reference: Reference<'_>) -> Result<Found, Failure> {
    let asked_by_number = reference.order_id.is_none();
    let is_ours = order_named(reply).as_deref() == Some(reference.order_number.as_str());
    match reply.status {
        200..=299 => read_booking(reply, reference.shipment_type)
            .filter(|_| is_ours)
            .map(Found::Booking)
            .ok_or(Failure::Unreadable),
        404 if asked_by_number && is_ours && denies(reply) => Ok(Found::Nothing),
        _ => Ok(Found::CannotTell),
    }
}

/// Whether the answer says in so many words that there is no such order.
fn denies(reply: &Reply) -> bool {
    let body: Option<serde_json::Value> = serde_json::from_slice(&reply.body).ok();
    body.is_some_and(|body| body.get("found") == Some(&serde_json::Value::Bool(false)))
}
