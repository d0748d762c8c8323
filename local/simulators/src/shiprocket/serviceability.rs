//! The couriers for a parcel, domestic and international. If there is none, the answer is 200 with 404 in the body.

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::clock;
use crate::shiprocket::book::{Book, Order};
use crate::shiprocket::couriers::{self, Courier, Freight};
use crate::shiprocket::ist;
use crate::shiprocket::kind::Kind;
use crate::shiprocket::query::Parameters;
use crate::shiprocket::refusal::{FieldErrors, Refusal};

/// A country that no courier serves: Antarctica.
const UNSERVED_COUNTRY: &str = "AQ";

/// A failure with 200.
pub(super) fn none(message: &str) -> Value {
    json!({ "status": 404, "message": message })
}

/// Answers `courier/serviceability`.
pub(super) fn domestic(book: &Book, query: &Parameters) -> Result<Value, Refusal> {
    demand(query, &["pickup_postcode", "delivery_postcode"])?;
    let question = match query.get("order_id") {
        Some(id) => match known(book, id) {
            Some(order) => Question::about(order),
            None => return Ok(none("Order does not exist!")),
        },
        None => Question::of(query)?,
    };
    let pincode = query.get("delivery_postcode");
    if pincode.is_some_and(|pincode| !couriers::is_served(pincode)) {
        return Ok(none(NO_COURIER));
    }
    let couriers: Vec<_> = couriers::serving(question.kind)
        .filter(|courier| question.suits(courier))
        .filter(|courier| suits_mode(courier, query.get("mode")))
        .collect();
    let quote = |courier: &&Courier| at_home(courier, &question);
    Ok(offer(question.kind, &couriers, quote))
}

/// Answers `international/courier/serviceability`: for an order by its id, or for a country by its code.
pub(super) fn abroad(book: &Book, query: &Parameters) -> Result<Value, Refusal> {
    if let Some(id) = query.get("order_id") {
        if known(book, id).is_none() {
            return Ok(none("Order does not exist!"));
        }
    } else {
        let complete = ["pickup_postcode", "delivery_country", "weight"]
            .iter()
            .all(|name| query.get(name).is_some());
        if !complete {
            return Err(Refusal::invalid("Please fix request using below fields"));
        }
    }
    let country = query.get("delivery_country");
    if country.is_some_and(|code| code.len() != 2) {
        return Err(Refusal::invalid("Please fix request using below fields"));
    }
    if country == Some(UNSERVED_COUNTRY) || query.is_set("cod") {
        return Ok(none(NO_COURIER));
    }
    let couriers: Vec<_> = couriers::serving(Kind::International).collect();
    Ok(offer(Kind::International, &couriers, |courier| {
        overseas(courier)
    }))
}

const NO_COURIER: &str = "Delivery postcode is not serviceable by any courier";

struct Question {
    kind: Kind,
    cash: bool,
    quality_check: bool,
    weight: f64,
}

impl Question {
    fn about(order: &Order) -> Self {
        Self {
            kind: order.request.kind,
            cash: order.request.is_cod,
            quality_check: order.request.wants_quality_check,
            weight: order.request.weight,
        }
    }

    fn of(query: &Parameters) -> Result<Self, Refusal> {
        demand(query, &["cod", "weight"])?;
        let weight = query.number("weight").filter(|weight| *weight > 0.0);
        let weight =
            weight.ok_or_else(|| Refusal::field("weight", "The weight must be a number."))?;
        if !matches!(query.get("cod"), Some("0" | "1")) {
            return Err(Refusal::field(
                "cod",
                "The cod field must be true or false.",
            ));
        }
        let is_return = query.is_set("is_return");
        Ok(Self {
            kind: if is_return {
                Kind::Return
            } else {
                Kind::Domestic
            },
            cash: query.is_set("cod"),
            quality_check: is_return && query.is_set("qc_check"),
            weight,
        })
    }

    fn suits(&self, courier: &Courier) -> bool {
        (courier.takes_cash || !self.cash) && (courier.checks_quality || !self.quality_check)
    }
}

fn known<'a>(book: &'a Book, id: &str) -> Option<&'a Order> {
    book.by_id(id.parse().ok()?)
}

fn demand(query: &Parameters, names: &[&str]) -> Result<(), Refusal> {
    let missing: FieldErrors = names
        .iter()
        .filter(|name| query.get(name).is_none())
        .map(|name| {
            let message = format!("The {} field is required.", name.replace('_', " "));
            ((*name).to_owned(), vec![message])
        })
        .collect();
    if missing.is_empty() {
        Ok(())
    } else {
        Err(Refusal::Fields(missing))
    }
}

fn suits_mode(courier: &Courier, mode: Option<&str>) -> bool {
    match mode {
        Some("Air") => courier.flies,
        Some("Surface") => !courier.flies,
        Some(_) | None => true,
    }
}

fn offer(
    kind: Kind,
    couriers: &[&'static Courier],
    quote: impl Fn(&&'static Courier) -> Value,
) -> Value {
    let usual = couriers::recommended(kind);
    let best = couriers
        .iter()
        .find(|courier| courier.id == usual)
        .or(couriers.first());
    let Some(best) = best.map(|courier| courier.id) else {
        return none(NO_COURIER);
    };
    json!({
        "status": 200,
        "currency": "INR",
        "company_auto_shipment_insurance_setting": false,
        "data": {
            "available_courier_companies": couriers.iter().map(quote).collect::<Vec<_>>(),
            "blocked_courier_companies": [],
            "child_courier_id": null,
            "is_recommendation_enabled": 1,
            "recommended_by": { "id": 6, "title": "Recommendation By Shiprocket" },
            "recommended_courier_company_id": best,
            "shiprocket_recommended_courier_id": best,
        },
    })
}

/// A courier's charge, derived from its id, so that all charges differ.
#[expect(clippy::cast_precision_loss, reason = "the numbers have three digits")]
pub(super) fn rate(courier: &Courier, weight: f64) -> f64 {
    let rupees = 30.5 + courier.id as f64 + weight * 20.0;
    (rupees * 100.0).round() / 100.0
}

/// The id of the row, which is not the courier's: an AWB assigned with it is refused, because there is no such courier.
fn row_id(courier: &Courier) -> u64 {
    970_000_000 + courier.id
}

fn at_home(courier: &Courier, question: &Question) -> Value {
    let rate = rate(courier, question.weight);
    let days: i64 = if courier.flies { 2 } else { 4 };
    let expected = clock::instant().saturating_add(SignedDuration::from_hours(days * 24));
    let etd = expected.map(ist::month_and_day).unwrap_or_default();
    let mut quote = json!({
        "id": row_id(courier),
        "courier_company_id": courier.id,
        "courier_name": courier.name,
        "rate": rate_as_written(courier, rate),
        "cod": u8::from(courier.takes_cash),
        "cod_charges": cod_charge(courier, question.cash),
        "cod_multiplier": 0,
        "coverage_charges": 0,
        "other_charges": "0",
        "rto_charges": format!("{:.2}", rate * 0.8),
        "charge_weight": question.weight,
        "min_weight": "0.5",
        "etd": etd,
        "etd_hours": days * 24,
        "estimated_delivery_days": days.to_string(),
        "rating": 4.1,
        "delivery_performance": 4.2,
        "pickup_performance": "4",
        "is_surface": !courier.flies,
        "is_rto_address_available": true,
        "qc_courier": u8::from(courier.checks_quality),
        "zone": "z_d",
        "cutoff_time": "14:00",
        "suppression_dates": null,
        "blocked": 0,
    });
    if let (Value::Object(quote), Some(freight)) = (&mut quote, freight(courier, rate)) {
        quote.insert("freight_charge".to_owned(), freight);
    }
    quote
}

/// A rate is a number, or a text at the couriers that write their freight as one.
fn rate_as_written(courier: &Courier, rate: f64) -> Value {
    match courier.freight {
        Freight::Text => json!(format!("{rate:.2}")),
        Freight::Number | Freight::Zero | Freight::Empty | Freight::Missing => json!(rate),
    }
}

/// Nothing for a prepaid parcel.
fn cod_charge(courier: &Courier, cash: bool) -> Value {
    if !cash {
        return json!(0);
    }
    match courier.freight {
        Freight::Number | Freight::Missing => json!(27.5),
        Freight::Text => json!("27.50"),
        Freight::Zero => json!("0"),
        Freight::Empty => json!(""),
    }
}

fn freight(courier: &Courier, rate: f64) -> Option<Value> {
    match courier.freight {
        Freight::Number => Some(json!(rate)),
        Freight::Text => Some(json!(format!("{rate:.2}"))),
        Freight::Zero => Some(json!("0")),
        Freight::Empty => Some(json!("")),
        Freight::Missing => None,
    }
}

/// For international couriers the rate is an object, and the days are a range.
fn overseas(courier: &Courier) -> Value {
    json!({
        "id": row_id(courier),
        "courier_company_id": courier.id,
        "courier_name": courier.name,
        "rate": {
            "rate": rate(courier, 1.0) * 10.0,
            "zone": "5",
            "extra_info": { "edd": { "from": 8, "to": 12 } },
        },
        "estimated_delivery_days": "8 - 12",
    })
}
