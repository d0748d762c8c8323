//! `POST order`.

use serde_json::{Value, json};

use crate::calls::VendorRequest;
use crate::shipper::Shipper;
use crate::shipper::detail;
use crate::shipper::envelope::Answer;
use crate::shipper::order::Order;
use crate::shipper::order_request::{End, OrderRequest};
use crate::shipper::place::Place;
use crate::shipper::refusal::Refusal;

/// Creates an order; the answer has no AWB.
pub(super) fn create(shipper: &Shipper, request: &VendorRequest) -> Result<Answer, Refusal> {
    let request = OrderRequest::read(request.body())?;
    let order = shipper.book().create(request);
    Ok(Answer::created(created(&order)))
}

fn created(order: &Order) -> Value {
    let (request, quote) = (&order.request, &order.request.quote);
    json!({
        "coverage": "domestic",
        "order_id": order.id,
        "payment_type": request.payment_type,
        "courier": {
            "rate_id": quote.rate.id,
            "amount": quote.total_price,
            "use_insurance": quote.insurance_applied,
            "insurance_amount": quote.insurance_amount(),
            "cod": request.parcel.is_cod,
        },
        "consignee": request.consignee.told(),
        "consigner": request.consigner.told(),
        "destination": end(&request.destination, &request.parcel.destination),
        "origin": end(&request.origin, &request.parcel.origin),
        "package": {
            "package_type": request.package_type,
            "weight": request.sent("/package/weight"),
            "length": request.sent("/package/length"),
            "width": request.sent("/package/width"),
            "height": request.sent("/package/height"),
            "price": request.parcel.value,
            "items": detail::items(order),
        },
    })
}

fn end(end: &End, place: &Place) -> Value {
    json!({
        "address": end.address,
        "area_id": place.area.id,
        "area_name": place.area.name,
        "postcode": place.area.postcode,
    })
}
