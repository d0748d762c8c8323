//! Cancelling an order: a GET that changes state.

use axum::response::Json;
use http::StatusCode;
use serde_json::{Value, json};

use crate::clickpost::answer::{Answer, ok};
use crate::clickpost::book::Book;
use crate::clickpost::couriers::{self, Habit};
use crate::clickpost::order::Order;
use crate::clickpost::parameters::Parameters;
use crate::clickpost::refusal::Refusal;
use crate::clickpost::scan::Scan;
use crate::clock;

/// Final states, in which nothing can be cancelled.
const ENDS: [&str; 3] = ["DELIVERED", "RTO_DELIVERED", "LOST"];

/// Answers a request to cancel.
pub(super) fn cancel(book: &mut Book, parameters: &Parameters) -> Result<Answer, Refusal> {
    let [waybill, cp_id, account_code] = parameters.all(["waybill", "cp_id", "account_code"])?;
    let courier = cp_id.parse().ok().and_then(couriers::by_id);
    let courier = courier.ok_or_else(Refusal::unknown_account)?;
    courier.account(Some(account_code))?;
    let order = book
        .by_waybill(waybill)
        .filter(|order| order.request.courier.cp_id == courier.cp_id)
        .ok_or_else(Refusal::cannot_cancel)?;
    if order.is_cancelled || order.has_been("CANCELLED") {
        return Ok(ok(envelope(600, "ORDER ALREADY CANCELLED")));
    }
    if ENDS.iter().any(|end| order.has_been(end)) {
        return Err(Refusal::cannot_cancel());
    }
    let tells_so = parameters.is_on("manually_update_status");
    book.change(waybill, |order| void(order, tells_so));
    Ok(accepted(&order))
}

/// Couriers do not report cancellations; the vendor updates the tracking itself if requested.
fn void(order: &mut Order, tells_so: bool) {
    order.is_cancelled = true;
    if tells_so {
        order.keep(Scan::of("CANCELLED", clock::now()));
    }
}

fn accepted(order: &Order) -> Answer {
    if order.has(Habit::CancelsLater) {
        let body = envelope(202, "Cancellation request accepted");
        return (StatusCode::ACCEPTED, Json(body));
    }
    ok(envelope(200, "SUCCESS"))
}

fn envelope(status: u16, message: &str) -> Value {
    json!({ "meta": { "status": status, "message": message, "success": true } })
}
