//! Creating orders. These are the vendor's peculiarities, not errors of the simulator: a known order id is answered 200 with
//! the old order, and an unknown pickup location is answered 200 without an order.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::shiprocket::book::{Book, Order};
use crate::shiprocket::kind::Kind;
use crate::shiprocket::order_request::OrderRequest;
use crate::shiprocket::refusal::Refusal;
use crate::shiprocket::{company, pickup_locations};
use crate::ways::Direction;

/// Answers `orders/create/adhoc`, domestic or international.
pub(super) fn forward(
    book: &mut Book,
    body: &Value,
    kind: Kind,
    now: Timestamp,
) -> Result<Value, Refusal> {
    let request = OrderRequest::read(body, kind)?;
    if !pickup_locations::exists(&request.pickup_location) {
        return Ok(pickup_locations::unknown());
    }
    if let Some(old) = book.by_order_number(Direction::Forward, &request.order_id) {
        return Ok(forward_answer(old));
    }
    Ok(forward_answer(&book.enter(request, now)))
}

/// Answers `orders/create/return`.
pub(super) fn returned(book: &mut Book, body: &Value, now: Timestamp) -> Result<Value, Refusal> {
    let request = OrderRequest::read(body, Kind::Return)?;
    let known = book.by_order_number(Direction::Return, &request.order_id);
    if known.is_some() {
        let message = "The order id has already been taken.";
        return Err(Refusal::field("order_id", message));
    }
    let order = book.enter(request, now);
    Ok(json!({
        "order_id": order.id,
        "shipment_id": order.shipment_id,
        "status": order.standing.order.upper_case(),
        "status_code": order.standing.order.id,
        "company_name": company::NAME,
    }))
}

fn forward_answer(order: &Order) -> Value {
    let parcel = order.parcel.as_ref();
    json!({
        "order_id": order.id,
        "shipment_id": order.shipment_id,
        "status": order.standing.order.upper_case(),
        "status_code": order.standing.order.id,
        "onboarding_completed_now": 0,
        "awb_code": parcel.map(|parcel| &parcel.awb),
        "courier_company_id": parcel.map(|parcel| parcel.courier.id),
        "courier_name": parcel.map(|parcel| parcel.courier.name),
    })
}
