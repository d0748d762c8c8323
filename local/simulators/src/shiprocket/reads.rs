//! Reading orders and shipments back.

use std::cmp::Reverse;

use serde_json::{Value, json};

use crate::shiprocket::book::{Book, Order};
use crate::shiprocket::kind::Kind;
use crate::shiprocket::labels;
use crate::shiprocket::order_items::Item;
use crate::shiprocket::order_request::CHANNEL_ID;
use crate::shiprocket::query::Parameters;
use crate::shiprocket::refusal::Refusal;
use crate::shiprocket::{company, ist};

const ORDERS_ON_A_PAGE: usize = 15;

/// Answers `orders/show/{id}`, where the shipments are an object.
pub(super) fn order(order: &Order) -> Value {
    let mut shown = summary(order);
    if let Value::Object(fields) = &mut shown {
        let parcel = order.parcel.as_ref();
        fields.insert("shipments".to_owned(), shipment_of(order));
        fields.insert(
            "awb_data".to_owned(),
            json!({ "awb": parcel.map_or("", |parcel| &parcel.awb) }),
        );
        fields.insert("return_pickup_data".to_owned(), return_pickup(order));
        fields.insert("refund_detail".to_owned(), Value::Null);
        fields.insert("qc_status".to_owned(), json!(""));
        fields.insert("product_qc".to_owned(), json!([]));
        fields.insert(
            "extra_info".to_owned(),
            json!({ "qc_check": u8::from(order.request.wants_quality_check), "order_type": 0 }),
        );
        fields.insert("others".to_owned(), others(order));
    }
    json!({ "data": shown })
}

pub(super) fn unknown_order(message: Option<String>) -> Refusal {
    Refusal::invalid(message.unwrap_or_else(|| "Order ID not found".to_owned()))
}

/// Answers `orders` and `orders/processing/return`, where the shipments are a list; newest first unless sorted.
pub(super) fn orders(
    book: &Book,
    is_here: fn(&Order) -> bool,
    query: &Parameters,
    url: &str,
) -> Value {
    let mut wanted: Vec<&Order> = book
        .all()
        .iter()
        .filter(|order| is_here(order) && is_found(order, query))
        .filter(|order| passes(order, query))
        .collect();
    if !query
        .get("sort")
        .is_some_and(|sort| sort.eq_ignore_ascii_case("asc"))
    {
        wanted.sort_by_key(|order| Reverse(order.id));
    }
    let per_page = query.count("per_page").unwrap_or(ORDERS_ON_A_PAGE);
    let page = query.count("page").unwrap_or(1);
    let shown: Vec<Value> = wanted
        .iter()
        .skip((page - 1).saturating_mul(per_page))
        .take(per_page)
        .map(|order| listed(order))
        .collect();
    let pages = wanted.len().div_ceil(per_page).max(1);
    let links = if page < pages {
        json!({ "next": format!("{url}?page={}", page + 1) })
    } else {
        json!({})
    };
    json!({
        "data": shown,
        "meta": { "pagination": {
            "total": wanted.len(),
            "count": shown.len(),
            "per_page": per_page,
            "current_page": page,
            "total_pages": pages,
            "links": links,
        }},
    })
}

/// A search matches parts of the merchant's order id or of the AWB, so it is not a look-up.
fn is_found(order: &Order, query: &Parameters) -> bool {
    let Some(words) = query.get("search") else {
        return true;
    };
    let awb = order.parcel.as_ref().map_or("", |parcel| &parcel.awb);
    order.request.order_id.contains(words) || awb.contains(words)
}

fn passes(order: &Order, query: &Parameters) -> bool {
    let Some(wanted) = query.get("filter") else {
        return true;
    };
    match query.get("filter_by") {
        Some("status") => {
            let status = order.standing.order;
            status.id.to_string() == wanted || status.name.eq_ignore_ascii_case(wanted)
        }
        Some("payment_method") => order.payment_method().eq_ignore_ascii_case(wanted),
        Some("delivery_country") => order.request.destination().country == wanted,
        Some("channel_order_id") => order.request.order_id == wanted,
        Some(_) | None => true,
    }
}

fn listed(order: &Order) -> Value {
    let mut listed = summary(order);
    if let Value::Object(fields) = &mut listed {
        fields.insert("shipments".to_owned(), json!([shipment_of(order)]));
    }
    listed
}

fn summary(order: &Order) -> Value {
    let request = &order.request;
    let customer = &request.customer;
    json!({
        "id": order.id,
        "channel_id": CHANNEL_ID,
        "channel_name": "CUSTOM",
        "base_channel_code": "CS",
        "channel_order_id": request.order_id,
        "customer_name": customer.name,
        "customer_email": customer.email,
        "customer_phone": customer.phone,
        "customer_address": customer.address,
        "customer_city": customer.city,
        "customer_state": customer.state,
        "customer_pincode": customer.pincode,
        "customer_country": customer.country,
        "pickup_location": request.pickup_location,
        "total": format!("{:.2}", request.sub_total),
        "currency": request.currency,
        "status": order.standing.order.upper_case(),
        "status_code": order.standing.order.id,
        "payment_method": order.payment_method(),
        "cod": u8::from(request.is_cod),
        "is_return": u8::from(order.is_return()),
        "is_international": u8::from(request.kind == Kind::International),
        "shipment_id": order.shipment_id,
        "created_at": ist::for_reading(order.created_at),
        "updated_at": ist::for_reading(order.updated_at),
        "products": request.items.iter().map(product).collect::<Vec<_>>(),
    })
}

fn product(item: &Item) -> Value {
    json!({
        "name": item.name,
        "sku": item.sku,
        "channel_sku": item.sku,
        "quantity": item.units,
        "price": format!("{:.2}", item.selling_price),
        "hsn": item.hsn,
    })
}

/// Without a courier, the texts are empty.
fn shipment_of(order: &Order) -> Value {
    let parcel = order.parcel.as_ref();
    let [length, breadth, height] = order.request.sides;
    json!({
        "id": order.shipment_id,
        "order_id": order.id,
        "awb": parcel.map_or("", |parcel| &parcel.awb),
        "courier": parcel.map_or("", |parcel| parcel.courier.name),
        "courier_id": parcel.map(|parcel| parcel.courier.id),
        "sr_courier_id": parcel.map_or_else(|| json!(""), |parcel| json!(parcel.courier.id)),
        "weight": order.request.weight.to_string(),
        "length": length.to_string(),
        "breadth": breadth.to_string(),
        "height": height.to_string(),
        "dimensions": format!("{length:.2}x{breadth:.2}x{height:.2}"),
    })
}

fn return_pickup(order: &Order) -> Value {
    if !order.is_return() {
        return Value::Null;
    }
    let from = order.origin();
    json!({
        "name": from.name,
        "email": from.email,
        "phone": from.phone,
        "address": from.address,
        "city": from.city,
        "state": from.state,
        "country": from.country,
        "pin_code": from.pincode,
    })
}

fn others(order: &Order) -> Value {
    let to = order.request.destination();
    json!({
        "shipping_name": to.name,
        "shipping_address": to.address,
        "shipping_city": to.city,
        "shipping_state": to.state,
        "shipping_country": to.country,
        "shipping_pincode": to.pincode,
        "shipping_phone": to.phone,
        "shipping_email": to.email,
        "company_name": company::NAME,
    })
}

/// Answers `shipments/{id}`; without a courier, many fields are null.
pub(super) fn shipment(order: &Order, label_url: impl Fn(&str) -> String) -> Value {
    let request = &order.request;
    let parcel = order.parcel.as_ref();
    let [length, breadth, height] = request.sides;
    let to = request.destination();
    json!({ "data": {
        "id": order.shipment_id,
        "order_id": order.id,
        "channel_id": CHANNEL_ID,
        "company_id": company::ID,
        "courier": parcel.map(|parcel| parcel.courier.name),
        "sr_courier_id": parcel.map(|parcel| parcel.courier.id),
        "awb": parcel.map(|parcel| &parcel.awb),
        "awb_assign_date": parcel.map(|parcel| ist::date_and_time(parcel.assigned_at)),
        "pickup_token_number": null,
        "method": "Standard",
        "weight": format!("{:.3}", request.weight),
        "dimensions": format!("{length:.2}x{breadth:.2}x{height:.2}"),
        "quantity": request.items.iter().map(|item| item.units).sum::<u64>(),
        "cost": "0.00",
        "total": format!("{:.2}", request.sub_total),
        "shipping_address": {
            "city": to.city,
            "state": to.state,
            "address": to.address,
            "country": to.country,
            "pincode": to.pincode,
            "address_2": "",
            "company_name": null,
        },
        "status": order.standing.shipment.map(|status| status.id),
        "label_url": labels::printed(order).map(label_url),
        "manifest_url": null,
        "created_at": moment(order.created_at),
        "updated_at": moment(order.updated_at),
    }})
}

fn moment(at: jiff::Timestamp) -> Value {
    json!({
        "date": format!("{}.000000", ist::date_and_time(at)),
        "timezone_type": 3,
        "timezone": "Asia/Kolkata",
    })
}
