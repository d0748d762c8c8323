//! Pushing orders and returns, and booking them by the same call.
//!
//! An order stays pushed when its booking fails: the answer is a success, its `awb_response` is not.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::calls::VendorRequest;
use crate::shipway::Shipway;
use crate::shipway::answer::with;
use crate::shipway::book::{Book, Shipment};
use crate::shipway::carriers::{self, NotBooked};
use crate::shipway::indian_time;
use crate::shipway::order_request::OrderRequest;
use crate::shipway::refusal::Refusal;

/// `POST v2orders`.
pub(super) fn order(shipway: &Shipway, request: &VendorRequest) -> Result<Value, Refusal> {
    let request = Arc::new(OrderRequest::forward(request.body())?);
    let mut book = shipway.book();
    book.push(&request, indian_time::now())?;
    let answer = json!({ "success": true, "message": "Order pushed" });
    let booked = booked(&mut book, &request).map(|outcome| match outcome {
        Ok(shipment) => json!({
                "success": true,
                "message": "AWB assigned",
                "AWB": shipment.awb,
                "carrier_id": shipment.carrier.id(),
                "carrier_name": shipment.carrier.name,
                "shipping_url": shipway.label_url(&shipment.awb),
        }),
        Err(not_booked) => failed(&not_booked),
    });
    Ok(with(answer, booked.map(|answer| ("awb_response", answer))))
}

/// `POST Createreturns`. Pushing a return again creates another one.
pub(super) fn returned(shipway: &Shipway, request: &VendorRequest) -> Result<Value, Refusal> {
    let request = Arc::new(OrderRequest::returned(request.body())?);
    let mut book = shipway.book();
    let rma_no = format!(
        "{}.{}-{}",
        book.new_rma(),
        request.order_id,
        request.text("return_order_status")
    );
    let answer = json!({
        "success": "1",
        "message": "Return created",
        "create_return_response": { "rma_no": rma_no, "message": "Return request added" },
    });
    let booked = booked(&mut book, &request).map(|outcome| match outcome {
        Ok(shipment) => json!({
                "success": true,
                "AWB": shipment.awb,
                "courier_name": shipment.carrier.name,
                "carrier_id": shipment.carrier.id(),
                "shipping_url": shipway.label_url(&shipment.awb),
        }),
        Err(not_booked) => failed(&not_booked),
    });
    Ok(with(answer, booked.map(|answer| ("awb_response", answer))))
}

/// Books the shipment, if the request has a booking part.
fn booked(book: &mut Book, request: &Arc<OrderRequest>) -> Option<Result<Shipment, NotBooked>> {
    let booking = request.booking.as_ref()?;
    let pincode = request.text("shipping_zipcode");
    let carrier = carriers::choose(booking, request.direction, &pincode);
    Some(carrier.map(|carrier| book.book(request, booking, carrier)))
}

fn failed(not_booked: &NotBooked) -> Value {
    json!({
        "success": false,
        "message": "AWB could not be assigned",
        "error": [not_booked.to_string()],
    })
}
