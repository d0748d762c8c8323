//! Looks an order up: what Shipway has under its id.

use serde_json::Value;

use crate::aggregators::Found;
use crate::aggregators::reference::Reference;
use crate::aggregators::shipway::book::answer::{awb, booking, label_url};
use crate::aggregators::shipway::call::get;
use crate::aggregators::shipway::order::known_as;
use crate::aggregators::shipway::status;
use crate::aggregators::shipway::wire::{entries, flag, is_scalar, object, word, written};
use crate::domain::booking::Booking;
use crate::domain::shipment::ShipmentType;
use crate::domain::text::AggregatorOrderId;
use crate::outbound::client::Reply;
use crate::partners::call::Call;
use crate::partners::failure::Failure;
use crate::partners::transport::{Effect, exchange};

const GET_ORDERS: &str = "getorders";

/// Looks an order up by its id.
pub(super) async fn look_up(call: Call<'_>, reference: Reference<'_>) -> Result<Found, Failure> {
    let kept = kept(call, reference, &known_as(reference)?).await?;
    Ok(match (kept, reference.shipment_type) {
        (Kept::Booked(booking), _) => Found::Booking(*booking),
        (Kept::Nothing | Kept::OrderAlone, ShipmentType::Forward) => Found::Nothing,
        // Whether returns are among the orders is not documented: that one is not there says nothing.
        (Kept::Nothing | Kept::OrderAlone, ShipmentType::Return)
        | (Kept::Cancelled | Kept::Illegible | Kept::Unclear, _) => Found::CannotTell,
    })
}

/// What Shipway has under an order id.
pub(super) async fn kept(
    call: Call<'_>,
    reference: Reference<'_>,
    order_id: &AggregatorOrderId,
) -> Result<Kept, Failure> {
    let query = [("orderid", order_id.as_str().to_owned())];
    let request = get(call.account, GET_ORDERS, &query)?;
    let reply = exchange(call, request, Effect::Reads).await?;
    read_orders(&reply, order_id, reference.shipment_type)
}

/// What Shipway has under the name of an order.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kept {
    /// No such order, in so many words.
    Nothing,
    /// The order, without an AWB.
    OrderAlone,
    /// The order with its AWB.
    Booked(Box<Booking>),
    /// The order with an AWB that is cancelled.
    Cancelled,
    /// The order, but nobody can tell its AWB.
    Illegible,
    /// Nobody can tell.
    Unclear,
}

/// Reads the answer of `getorders`. Only rows with the very order id count.
pub(super) fn read_orders(
    reply: &Reply,
    order_id: &AggregatorOrderId,
    shipment_type: ShipmentType,
) -> Result<Kept, Failure> {
    if !(200..300).contains(&reply.status) {
        return Ok(Kept::Unclear);
    }
    let body = object(reply).ok_or(Failure::Unreadable)?;
    let message = body.get("message").unwrap_or(&Value::Null);
    if says_no_orders(message) {
        return Ok(Kept::Nothing);
    }
    let success = flag(body.get("success"));
    let rows = rows(message).filter(|_| success != Some(false));
    let Some(rows) = rows else {
        return Ok(Kept::Unclear);
    };
    if rows.is_empty() && success == Some(true) {
        return Ok(Kept::Nothing);
    }
    let is_ours =
        |row: &&Value| word(row, &["order_id", "orderid"]).as_deref() == Some(order_id.as_str());
    let ours: Vec<&Value> = rows.into_iter().filter(is_ours).collect();
    Ok(ours
        .into_iter()
        .map(|row| of_row(row, order_id, shipment_type))
        .reduce(together)
        .unwrap_or(Kept::Unclear))
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

fn of_row(row: &Value, order_id: &AggregatorOrderId, shipment_type: ShipmentType) -> Kept {
    const AWB: [&str; 4] = ["tracking_number", "awb_number", "AWB", "awb"];
    let told: Vec<&Value> = AWB.iter().filter_map(|name| row.get(name)).collect();
    if !told.iter().all(|value| is_scalar(value)) {
        return Kept::Illegible;
    }
    let Some(awb) = awb(row, &AWB) else {
        // Without a field for it the AWB may have a name that we do not know, unless the order is a new one.
        let is_new = word(row, &["status"]).is_none_or(|status| status == "O");
        return if is_new || !told.is_empty() {
            Kept::OrderAlone
        } else {
            Kept::Illegible
        };
    };
    let status = word(row, &["shipment_status"]);
    if status.as_deref().is_some_and(status::is_cancelled) {
        return Kept::Cancelled;
    }
    let carrier_name = word(row, &["carrier_name", "courier_name", "carrier_title"]);
    awb.parse().map_or(Kept::Illegible, |awb| {
        Kept::Booked(Box::new(Booking {
            label_url: label_url(row, shipment_type),
            ..booking(order_id, awb, carrier_name)
        }))
    })
}

/// What two rows of one order say together: an AWB beats none, and two of them decide nothing.
fn together(one: Kept, other: Kept) -> Kept {
    match (one, other) {
        (Kept::OrderAlone, other) => other,
        (one, Kept::OrderAlone) => one,
        (Kept::Booked(one), Kept::Booked(other)) if one.awb == other.awb => Kept::Booked(one),
        (Kept::Cancelled, Kept::Cancelled) => Kept::Cancelled,
        (_, _) => Kept::Illegible,
    }
}
