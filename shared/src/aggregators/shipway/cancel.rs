//! Cancels a shipment by its AWB, or an order without one.

use serde_json::Value;

use crate::aggregators::call::AggregatorCall;
use crate::aggregators::reference::BookingReference;
use crate::aggregators::shipway::call::post;
use crate::aggregators::shipway::look_up::{KeptOrder, kept};
use crate::aggregators::shipway::order::known_as;
use crate::aggregators::shipway::refusal::refusal;
use crate::aggregators::shipway::wire::{
    CancelOrders, CancelShipments, flag, object, word, written,
};
use crate::domain::booking::Cancellation;
use crate::domain::shipment::ShipmentType;
use crate::domain::text::Awb;
use crate::outbound::client::Reply;
use crate::partners::failure::{PartnerFailure, Refusal};
use crate::partners::transport::{Operation, exchange};

const CANCEL: Operation = Operation::creates("cancel");
const CANCEL_SHIPMENT: &str = "Cancel/";
const CANCEL_ORDER: &str = "Cancelorders/";

/// Cancels a shipment by its AWB, or an order without one by its id.
pub(super) async fn cancel(
    call: AggregatorCall<'_>,
    reference: BookingReference<'_>,
) -> Result<Cancellation, PartnerFailure> {
    match (reference.awb, reference.shipment_type) {
        (Some(awb), _) => cancel_shipment(call, reference, awb).await,
        (None, ShipmentType::Forward) => cancel_order(call, reference).await,
        (None, ShipmentType::Return) => Err(PartnerFailure::invalid(
            "/orderNumber",
            "has no AWB, and Shipway's API cancels returns only by AWB: cancel it in Shipway's panel",
        )),
    }
}

async fn cancel_shipment(
    call: AggregatorCall<'_>,
    reference: BookingReference<'_>,
    awb: &Awb,
) -> Result<Cancellation, PartnerFailure> {
    let body = CancelShipments {
        awb_number: [awb.as_str()],
    };
    let request = post(call.partner.account, CANCEL_SHIPMENT, &body)?;
    let answered = exchange(call.partner, CANCEL, request).await?;
    match answered.read(|reply| judge_shipment(reply, awb)) {
        Err(PartnerFailure::Refused(refusal)) => {
            // The order of a cancelled shipment has no AWB any more, or one marked as cancelled.
            let is_gone = |kept: &KeptOrder| {
                matches!(
                    kept,
                    KeptOrder::OrderAlone | KeptOrder::CancelledAlone | KeptOrder::Cancelled
                )
            };
            unless_gone(call, reference, refusal, is_gone).await
        }
        judged => judged.map(|()| Cancellation::Done),
    }
}

async fn cancel_order(
    call: AggregatorCall<'_>,
    reference: BookingReference<'_>,
) -> Result<Cancellation, PartnerFailure> {
    let order_id = known_as(reference)?;
    let body = CancelOrders {
        order_ids: [order_id.as_str()],
    };
    let request = post(call.partner.account, CANCEL_ORDER, &body)?;
    let answered = exchange(call.partner, CANCEL, request).await?;
    match answered.read(|reply| judge_order(reply, order_id.as_str())) {
        Err(PartnerFailure::Refused(refusal)) => {
            let is_gone = |kept: &KeptOrder| {
                matches!(
                    kept,
                    KeptOrder::Nothing | KeptOrder::CancelledAlone | KeptOrder::Cancelled
                )
            };
            unless_gone(call, reference, refusal, is_gone).await
        }
        judged => judged.map(|()| Cancellation::Done),
    }
}

/// Turns a refused cancellation into a success if Shipway has nothing left to cancel: an earlier cancellation may have
/// taken effect without a response.
async fn unless_gone(
    call: AggregatorCall<'_>,
    reference: BookingReference<'_>,
    refusal: Refusal,
    is_gone: impl Fn(&KeptOrder) -> bool,
) -> Result<Cancellation, PartnerFailure> {
    match kept(call, reference, &known_as(reference)?).await {
        Ok(kept) if is_gone(&kept) => Ok(Cancellation::Done),
        Ok(_) | Err(_) => Err(PartnerFailure::Refused(refusal)),
    }
}

/// Parses the response of `Cancel` for one AWB.
pub(super) fn judge_shipment(reply: &Reply, awb: &Awb) -> Result<(), PartnerFailure> {
    let Some(body) = object(reply) else {
        return without_body(reply);
    };
    if is_listed(&body, "shipment_success_tracking_numbers", awb) {
        return Ok(());
    }
    let is_named = is_listed(&body, "shipment_failed_tracking_numbers", awb)
        || is_listed(&body, "invalid_tracking_numbers", awb);
    judged(reply.status, &body, is_named)
}

/// Parses the response of `Cancelorders` for one order.
pub(super) fn judge_order(reply: &Reply, order_id: &str) -> Result<(), PartnerFailure> {
    let Ok(body) = serde_json::from_slice::<Value>(&reply.body) else {
        return without_body(reply);
    };
    match &body {
        Value::Array(results) => {
            let is_ours =
                |result: &&Value| word(result, &["order_id"]).as_deref() == Some(order_id);
            let ours = results.iter().find(is_ours);
            ours.map_or(Err(CANCEL.unclear()), |result| {
                judged(reply.status, result, false)
            })
        }
        Value::Object(_) => judged(reply.status, &body, false),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => without_body(reply),
    }
}

fn without_body(reply: &Reply) -> Result<(), PartnerFailure> {
    if (200..300).contains(&reply.status) {
        Err(CANCEL.unclear())
    } else {
        Err(PartnerFailure::Refused(refusal(reply.status, &Value::Null)))
    }
}

fn judged(http_status: u16, result: &Value, is_named: bool) -> Result<(), PartnerFailure> {
    let success = flag(result.get("success"));
    let error = flag(result.get("error"));
    let is_refused = !(200..300).contains(&http_status);
    if is_refused || is_named || success == Some(false) || error == Some(true) {
        let refusal = refusal(http_status, result);
        return if says_cancelled_before(&refusal) {
            Ok(())
        } else {
            Err(PartnerFailure::Refused(refusal))
        };
    }
    match success {
        Some(true) => Ok(()),
        Some(false) | None => Err(CANCEL.unclear()),
    }
}

fn says_cancelled_before(refusal: &Refusal) -> bool {
    let message = refusal
        .message
        .as_deref()
        .unwrap_or_default()
        .to_lowercase();
    ["already cancel", "already been cancel"]
        .iter()
        .any(|words| message.contains(words))
}

/// Whether a comma-separated list of AWBs contains this one.
fn is_listed(body: &Value, name: &str, awb: &Awb) -> bool {
    let has = |list: &str| list.split(',').any(|listed| listed.trim() == awb.as_str());
    match body.get(name) {
        Some(Value::Array(list)) => list
            .iter()
            .filter_map(written)
            .any(|listed| listed == awb.as_str()),
        Some(value) => written(value).is_some_and(|list| has(&list)),
        None => false,
    }
}
