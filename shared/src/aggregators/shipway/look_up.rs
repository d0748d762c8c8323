//! Looks up an order by its id.

use serde_json::Value;

use crate::aggregators::LookUp;
use crate::aggregators::call::AggregatorCall;
use crate::aggregators::containers::entries;
use crate::aggregators::reference::BookingReference;
use crate::aggregators::shipway::book::answer::{awb, booking};
use crate::aggregators::shipway::call::get;
use crate::aggregators::shipway::order::known_as;
use crate::aggregators::shipway::status;
use crate::aggregators::shipway::wire::{flag, is_scalar, object, word, written};
use crate::contract::optional_fields::OptionalFields;
use crate::domain::booking::Booking;
use crate::domain::shipment::ShipmentType;
use crate::domain::text::AggregatorOrderId;
use crate::outbound::client::Reply;
use crate::partners::failure::PartnerFailure;
use crate::partners::transport::{Operation, PartnerAnswer, exchange};

const LOOK_UP: Operation = Operation::reads("look_up");
const GET_ORDERS: &str = "getorders";

/// Looks up an order by its id.
pub(super) async fn look_up(
    call: AggregatorCall<'_>,
    reference: BookingReference<'_>,
) -> Result<LookUp, PartnerFailure> {
    let kept = kept(call, reference, &known_as(reference)?).await?;
    Ok(match (kept, reference.shipment_type) {
        (KeptOrder::Booked(booking), _) => LookUp::Booking(*booking),
        (
            KeptOrder::Nothing | KeptOrder::OrderAlone | KeptOrder::CancelledAlone,
            ShipmentType::Forward,
        ) => LookUp::Nothing,
        // It is not documented whether returns are in the list of orders: a missing one proves nothing.
        (
            KeptOrder::Nothing | KeptOrder::OrderAlone | KeptOrder::CancelledAlone,
            ShipmentType::Return,
        )
        | (KeptOrder::Cancelled | KeptOrder::Illegible | KeptOrder::Unclear, _) => {
            LookUp::CannotTell
        }
    })
}

/// Shipway's order with this id.
pub(super) async fn kept(
    call: AggregatorCall<'_>,
    reference: BookingReference<'_>,
    order_id: &AggregatorOrderId,
) -> Result<KeptOrder, PartnerFailure> {
    let answered = ask_for(call, order_id).await?;
    answered.read(|reply| read_orders(reply, order_id, reference.shipment_type))
}

/// Requests the order with this id.
pub(super) async fn ask_for(
    call: AggregatorCall<'_>,
    order_id: &AggregatorOrderId,
) -> Result<PartnerAnswer, PartnerFailure> {
    let query = [("orderid", order_id.as_str().to_owned())];
    let request = get(call.partner.account, GET_ORDERS, &query)?;
    exchange(call.partner, LOOK_UP, request).await
}

/// The state of an order at Shipway.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum KeptOrder {
    /// The order does not exist, as Shipway says explicitly.
    Nothing,
    /// The order, without an AWB.
    OrderAlone,
    /// A cancelled order without an AWB.
    CancelledAlone,
    /// The order with its AWB.
    Booked(Box<Booking>),
    /// The order has an AWB that is cancelled.
    Cancelled,
    /// The order exists, but its AWB could not be read.
    Illegible,
    /// The response is inconclusive.
    Unclear,
}

/// Parses the response of `getorders`. Only rows with exactly this order id count.
pub(super) fn read_orders(
    reply: &Reply,
    order_id: &AggregatorOrderId,
    shipment_type: ShipmentType,
) -> Result<KeptOrder, PartnerFailure> {
    if !(200..300).contains(&reply.status) {
        return Ok(KeptOrder::Unclear);
    }
    let body = object(reply).ok_or(LOOK_UP.unclear())?;
    let message = body.get("message").unwrap_or(&Value::Null);
    if says_no_orders(message) {
        return Ok(KeptOrder::Nothing);
    }
    let success = flag(body.get("success"));
    let rows = rows(message).filter(|_| success != Some(false));
    let Some(rows) = rows else {
        return Ok(KeptOrder::Unclear);
    };
    if rows.is_empty() && success == Some(true) {
        return Ok(KeptOrder::Nothing);
    }
    let is_ours =
        |row: &&Value| word(row, &["order_id", "orderid"]).as_deref() == Some(order_id.as_str());
    let ours: Vec<&Value> = rows.into_iter().filter(is_ours).collect();
    Ok(ours
        .into_iter()
        .map(|row| of_row(row, order_id, shipment_type))
        .reduce(together)
        .unwrap_or(KeptOrder::Unclear))
}

fn says_no_orders(message: &Value) -> bool {
    let text = written(message).unwrap_or_default().to_lowercase();
    matches!(
        text.trim_end_matches('.'),
        "no orders found" | "no order found"
    )
}

fn rows(message: &Value) -> Option<Vec<&Value>> {
    if message.get("order_id").is_some() {
        return Some(vec![message]);
    }
    entries(message)
}

fn of_row(row: &Value, order_id: &AggregatorOrderId, shipment_type: ShipmentType) -> KeptOrder {
    const AWB: [&str; 4] = ["tracking_number", "awb_number", "AWB", "awb"];
    let told: Vec<&Value> = AWB.iter().filter_map(|name| row.get(name)).collect();
    if !told.iter().all(|value| is_scalar(value)) {
        return KeptOrder::Illegible;
    }
    let status = word(row, &["shipment_status"]);
    let is_cancelled = status.as_deref().is_some_and(status::is_cancelled);
    let Some(awb) = awb(row, &AWB) else {
        // If the field is missing, the AWB may have a name that we do not know, unless the order is new.
        let is_new = word(row, &["status"]).is_none_or(|status| status == "O");
        return if !is_new && told.is_empty() {
            KeptOrder::Illegible
        } else if is_cancelled {
            KeptOrder::CancelledAlone
        } else {
            KeptOrder::OrderAlone
        };
    };
    if is_cancelled {
        return KeptOrder::Cancelled;
    }
    awb.parse().map_or(KeptOrder::Illegible, |awb| {
        let optional = OptionalFields::default();
        KeptOrder::Booked(Box::new(booking(
            order_id,
            awb,
            row,
            shipment_type,
            optional,
        )))
    })
}

/// Combines two rows of an order: an AWB takes precedence, and two different ones are inconclusive.
fn together(one: KeptOrder, other: KeptOrder) -> KeptOrder {
    match (one, other) {
        (KeptOrder::CancelledAlone, other) => other,
        (one, KeptOrder::CancelledAlone) => one,
        (KeptOrder::OrderAlone, other) => other,
        (one, KeptOrder::OrderAlone) => one,
        (KeptOrder::Booked(one), KeptOrder::Booked(other)) if one.awb == other.awb => {
            KeptOrder::Booked(one)
        }
        (KeptOrder::Cancelled, KeptOrder::Cancelled) => KeptOrder::Cancelled,
        (_, _) => KeptOrder::Illegible,
    }
}
