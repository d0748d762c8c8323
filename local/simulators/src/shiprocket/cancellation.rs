//! Cancelling orders, and only their shipments.

use jiff::Timestamp;
use serde_json::Value;

use crate::shiprocket::book::{Book, Order};
use crate::shiprocket::fields::id_of;
use crate::shiprocket::refusal::Refusal;
use crate::shiprocket::statuses::Standing;

const UNKNOWN: Refusal = Refusal::Stumbled("Trying to get property of non-object");
const NO_LIST: Refusal = Refusal::Stumbled("Invalid argument supplied for foreach()");

const MOST_AWBS: usize = 2000;

/// Answers `orders/cancel`: all or nothing, by Shiprocket's own order ids.
pub(super) fn orders(book: &mut Book, body: &Value, now: Timestamp) -> Result<(), Refusal> {
    let ids = list(body, "ids")?;
    let ids: Option<Vec<u64>> = ids.iter().map(id_of).collect();
    let ids = ids.ok_or(UNKNOWN)?;
    for id in &ids {
        may_be_cancelled(book.by_id(*id).ok_or(UNKNOWN)?)?;
    }
    for id in ids {
        if let Some(order) = book.by_id_mut(id) {
            order.stand(Standing::cancelled(order.direction()), now);
        }
    }
    Ok(())
}

/// Answers `orders/cancel/shipment/awbs`: it accepts the request, and the cancellation takes effect later.
pub(super) fn shipments(book: &mut Book, body: &Value, now: Timestamp) -> Result<(), Refusal> {
    let awbs = list(body, "awbs")?;
    if awbs.len() > MOST_AWBS {
        let message = "The awbs may not have more than 2000 items.";
        return Err(Refusal::field("awbs", message));
    }
    let awbs: Vec<&str> = awbs.iter().filter_map(Value::as_str).collect();
    for awb in &awbs {
        let order = book.by_awb(awb);
        may_be_cancelled(order.ok_or_else(|| Refusal::invalid("Invalid AWB code"))?)?;
    }
    for awb in awbs {
        if let Some(order) = book.by_awb_mut(awb) {
            order.stand(Standing::cancellation_requested(order.direction()), now);
        }
    }
    Ok(())
}

fn list<'a>(body: &'a Value, field: &str) -> Result<&'a [Value], Refusal> {
    match body.get(field) {
        None | Some(Value::Null) => {
            let message = format!("The {field} field is required.");
            Err(Refusal::field(field, message))
        }
        Some(Value::Array(list)) => Ok(list),
        Some(_) => Err(NO_LIST),
    }
}

fn may_be_cancelled(order: &Order) -> Result<(), Refusal> {
    if order.standing.is_cancelled() {
        return Err(Refusal::invalid("Order is already cancelled"));
    }
    if order.is_on_its_way() {
        let message = "Cannot cancel the order as it is out for pickup or beyond";
        return Err(Refusal::invalid(message));
    }
    Ok(())
}
