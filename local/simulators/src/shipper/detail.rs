//! The details of an order, by its id or by the merchant's.

use serde_json::{Value, json};

use crate::calls::VendorRequest;
use crate::shipper::Shipper;
use crate::shipper::envelope::Answer;
use crate::shipper::order::{self, Order};
use crate::shipper::refusal::Refusal;
use crate::shipper::statuses::{self, Status};

/// The logistic status of the vendor's examples; its table is not documented.
const LOGISTIC_CODE: u32 = 99;

/// `GET order/{order_id}`.
pub(super) fn by_order_id(
    shipper: &Shipper,
    order_id: &str,
    _: &VendorRequest,
) -> Result<Answer, Refusal> {
    let book = shipper.book();
    found(book.by_id(order_id))
}

/// `GET order/external-id/{external_id}`: the newest order with it.
pub(super) fn by_external_id(
    shipper: &Shipper,
    external_id: &str,
    _: &VendorRequest,
) -> Result<Answer, Refusal> {
    let book = shipper.book();
    found(book.by_external_id(external_id))
}

fn found(order: Option<&Order>) -> Result<Answer, Refusal> {
    let order = order.ok_or(Refusal::UnknownOrder)?;
    Ok(Answer::ok(detailed(order)))
}

fn detailed(order: &Order) -> Value {
    let request = &order.request;
    let (origin, destination) = (&request.origin, &request.destination);
    let pickup = order.pickup.as_ref();
    json!({
        "consignee": request.consignee.told(),
        "consigner": request.consigner.told(),
        "origin": request.parcel.origin.detailed(&origin.address, &origin.direction),
        "destination": request.parcel.destination.detailed(&destination.address, &destination.direction),
        "external_id": request.external_id,
        "order_id": order.id,
        "courier": courier(order),
        "price_breakdown": price(order),
        "package": package(order),
        "payment_type": request.payment_type,
        "label_check_sum": order.label_checksum(),
        "creation_date": order::in_answer(&order.created_at),
        "last_updated_date": order::in_answer(order.changed_at()),
        "awb_number": order.awb.as_deref().unwrap_or_default(),
        "trackings": trackings(order),
        "is_active": pickup.is_some(),
        "is_hubless": false,
        "pickup_code": pickup.map_or("", |pickup| &pickup.code),
        "pickup_time": pickup.map_or("", |pickup| &pickup.time),
        "shipment_status": shipment_status(order),
    })
}

fn courier(order: &Order) -> Value {
    let quote = &order.request.quote;
    json!({
        "name": quote.rate.logistic.name,
        "rate_id": quote.rate.id,
        "rate_name": quote.rate.name,
        "amount": quote.total_price,
        "use_insurance": quote.insurance_applied,
        "insurance_amount": quote.insurance_amount(),
        "cod": order.request.parcel.is_cod,
        "min_day": quote.leg.min_day,
        "max_day": quote.leg.max_day,
    })
}

fn price(order: &Order) -> Value {
    let quote = &order.request.quote;
    json!({
        "surcharge_fee": 0,
        "base_price": quote.total_price,
        "discount": 0,
        "insurance_fee": quote.insurance_amount(),
        "final_price": quote.final_price(),
    })
}

fn package(order: &Order) -> Value {
    let request = &order.request;
    let divisor = request.quote.rate.volumetric;
    json!({
        "weight": request.sent("/package/weight"),
        "length": request.sent("/package/length"),
        "width": request.sent("/package/width"),
        "height": request.sent("/package/height"),
        "volume_weight": request.parcel.volume.weight(divisor),
        "package_type": request.package_type,
        "items": items(order),
    })
}

/// The items with the vendor's numbers.
pub(super) fn items(order: &Order) -> Value {
    let numbered = (order.first_item..).zip(&order.request.items);
    numbered
        .map(|(id, item)| {
            json!({ "id": id, "name": item.name, "price": item.price, "qty": item.qty })
        })
        .collect()
}

/// All statuses, oldest first, beginning with the creation.
fn trackings(order: &Order) -> Value {
    let created = statuses::created();
    let later = order.scans.iter().filter(|scan| scan.status != created);
    let later = later.map(|scan| tracking(order, scan.status, &scan.time));
    [tracking(order, created, &order.created_at)]
        .into_iter()
        .chain(later)
        .collect()
}

fn tracking(order: &Order, status: &Status, time: &str) -> Value {
    json!({
        "shipper_status": status.told(order),
        "logistic_status": status.numbered(order, "code", LOGISTIC_CODE),
        "created_date": order::in_answer(time),
    })
}

fn shipment_status(order: &Order) -> Value {
    let status = order.status();
    let reason = match &order.cancelled {
        Some(reason) if status.is_cancellation() => reason.clone(),
        Some(_) | None if status.is_exception() => status.name(order),
        Some(_) | None => String::new(),
    };
    json!({
        "name": status.name(order),
        "description": status.description(order),
        "code": status.code(),
        "updated_by": "SIMULATOR",
        "updated_date": order::in_answer(order.changed_at()),
        "track_url": "",
        "reason": reason,
        "created_date": order::in_answer(&order.created_at),
    })
}
