//! Assigning a courier to a shipment. A failure is answered with 200.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::shiprocket::book::{Book, Order, Parcel};
use crate::shiprocket::couriers::{self, Courier, Habit};
use crate::shiprocket::fields::{id_of, is_set};
use crate::shiprocket::kind::Kind;
use crate::shiprocket::refusal::Refusal;
use crate::shiprocket::{company, ist, serviceability};

/// The domestic and the international routes do not know each other's shipments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Namespace {
    Home,
    Abroad,
}

const INVALID_SHIPMENT: &str = "Invalid shipment id";
const CANNOT_REASSIGN: &str = "Oops! Cannot reassign courier for this shipment.";
const CANCELLED: &str = "Oops! This order is in cancelled state.";

/// Names the wrong fields: what is missing is the dialling code, or the delivery address next to the billing address.
const LOST_ADDRESS: &str = r#"["Delivery pincode is empty","Customer phone is empty"]"#;

/// A failure with 200.
pub(super) fn failure(message: &str) -> Value {
    json!({
        "awb_assign_status": 0,
        "response": { "data": { "awb_assign_error": message } },
    })
}

/// Answers `courier/assign/awb`.
pub(super) fn assign(
    book: &mut Book,
    body: &Value,
    namespace: Namespace,
    now: Timestamp,
) -> Result<Value, Refusal> {
    let shipment_id = shipment_id(body)?;
    let order = book.by_shipment(shipment_id);
    let order = order.ok_or_else(|| Refusal::invalid(INVALID_SHIPMENT))?;
    check(order, body, namespace)?;
    let courier = match choose(order, body) {
        Ok(courier) => courier,
        Err(reason) => return Ok(failure(reason)),
    };
    if courier.habit == Habit::EmptyWallet {
        return Ok(failure("Insufficient amount to label this shipment"));
    }
    let order = book.assign(shipment_id, courier, now);
    let parcel = order
        .as_ref()
        .and_then(|order| Some((order, order.parcel.as_ref()?)));
    match parcel {
        Some(_) if courier.habit == Habit::Deferred => {
            Ok(json!({ "success": true, "message": "We are processing your request" }))
        }
        Some((order, parcel)) => Ok(success(order, parcel)),
        None => Err(Refusal::invalid(INVALID_SHIPMENT)),
    }
}

/// A number, its digits, or a list with only this number.
fn shipment_id(body: &Value) -> Result<u64, Refusal> {
    let missing = || Refusal::field("shipment_id", "The shipment id field is required.");
    let given = body.get("shipment_id").ok_or_else(missing)?;
    let given = match given.as_array().map(Vec::as_slice) {
        Some([single]) => single,
        Some(_) => return Err(missing()),
        None => given,
    };
    if given.is_null() {
        return Err(missing());
    }
    id_of(given).ok_or_else(|| Refusal::invalid(INVALID_SHIPMENT))
}

fn check(order: &Order, body: &Value, namespace: Namespace) -> Result<(), Refusal> {
    let home = match order.request.kind {
        Kind::Domestic | Kind::Return => Namespace::Home,
        Kind::International => Namespace::Abroad,
    };
    let as_return = body.get("is_return").is_some_and(is_set);
    if home != namespace || order.is_return() != as_return {
        return Err(Refusal::invalid(INVALID_SHIPMENT));
    }
    let no_address = order.request.lost_its_address || order.standing.is_cancelled();
    if namespace == Namespace::Abroad && no_address {
        return Err(Refusal::invalid(LOST_ADDRESS));
    }
    if order.standing.is_cancelled() {
        return Err(Refusal::invalid(CANCELLED));
    }
    let again = body.get("status").and_then(Value::as_str) == Some("reassign");
    let taken = order.parcel.is_some();
    if taken && (!again || order.was_reassigned || order.is_on_its_way()) {
        return Err(Refusal::invalid(CANNOT_REASSIGN));
    }
    Ok(())
}

/// The requested courier, or Shiprocket's choice.
fn choose(order: &Order, body: &Value) -> Result<&'static Courier, &'static str> {
    let kind = order.request.kind;
    let asked = body.get("courier_id").filter(|asked| !asked.is_null());
    let id = match asked {
        Some(asked) => id_of(asked),
        None => Some(couriers::recommended(kind)),
    };
    if !couriers::is_served(&order.request.destination().pincode) {
        return Err("Delivery pincode is not serviceable");
    }
    let courier = id.and_then(|id| couriers::by_id(id, kind));
    let courier = courier.ok_or("The selected courier is not available for this shipment")?;
    if order.request.is_cod && !courier.takes_cash {
        return Err("The selected courier does not take cash on delivery");
    }
    Ok(courier)
}

fn success(order: &Order, parcel: &Parcel) -> Value {
    json!({
        "awb_assign_status": 1,
        "response": { "data": data(order, parcel) },
    })
}

fn data(order: &Order, parcel: &Parcel) -> Value {
    let request = &order.request;
    json!({
        "courier_company_id": parcel.courier.id,
        "awb_code": parcel.awb,
        "cod": u8::from(request.is_cod),
        "order_id": order.id,
        "shipment_id": order.shipment_id,
        "awb_code_status": 1,
        "assigned_date_time": {
            "date": format!("{}.000000", ist::date_and_time(parcel.assigned_at)),
            "timezone_type": 3,
            "timezone": "Asia/Kolkata",
        },
        "applied_weight": request.weight,
        "company_id": company::ID,
        "courier_name": parcel.courier.name,
        "child_courier_name": null,
        "freight_charges": serviceability::rate(parcel.courier, request.weight),
        "pickup_scheduled_date": ist::date_and_time(pickup_scheduled_at(parcel)),
        "routing_code": "",
        "rto_routing_code": "",
        "invoice_no": format!("retail{}", order.id),
        "transporter_id": "",
        "transporter_name": "",
        "shipped_by": shipped_by(order),
    })
}

/// The next day.
pub(super) fn pickup_scheduled_at(parcel: &Parcel) -> Timestamp {
    let next_day = parcel
        .assigned_at
        .saturating_add(SignedDuration::from_hours(24));
    next_day.unwrap_or(parcel.assigned_at)
}

fn shipped_by(order: &Order) -> Value {
    let from = order.origin();
    json!({
        "shipper_company_name": from.name,
        "shipper_address_1": from.address,
        "shipper_address_2": "",
        "shipper_city": from.city,
        "shipper_state": from.state,
        "shipper_country": from.country,
        "shipper_postcode": from.pincode,
        "shipper_phone": from.phone,
        "shipper_email": from.email,
        "rto_company_name": company::NAME,
        "rto_address_1": company::STREET,
        "rto_address_2": "",
        "rto_city": from.city,
        "rto_state": from.state,
        "rto_country": from.country,
        "rto_postcode": from.pincode,
        "rto_phone": company::PHONE,
        "rto_email": company::EMAIL,
        "lat": null,
        "long": null,
    })
}
