//! Shipper's JSON in its own spelling. Weights are kilograms, sides centimetres, amounts whole rupiahs; coordinates are
//! texts.

use serde::Serialize;
use serde_json::{Number, Value};

/// The body of `POST order`.
#[derive(Serialize)]
pub(super) struct ShipperOrder<'a> {
    pub(super) consignee: ShipperContact,
    pub(super) consigner: ShipperContact,
    pub(super) courier: ShipperCourier,
    pub(super) coverage: &'static str,
    pub(super) destination: ShipperEnd,
    pub(super) origin: ShipperEnd,
    pub(super) external_id: &'a str,
    pub(super) package: ShipperPackage<'a>,
    pub(super) payment_type: &'static str,
}

/// A sender or a receiver.
#[derive(Serialize)]
pub(super) struct ShipperContact {
    pub(super) name: String,
    pub(super) phone_number: String,
}

/// The rate, which is our courier id, and what is asked of its courier.
#[derive(Serialize)]
pub(super) struct ShipperCourier {
    pub(super) rate_id: u64,
    pub(super) cod: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cod_amount: Option<u64>,
    pub(super) use_insurance: bool,
}

/// An address.
#[derive(Serialize)]
pub(super) struct ShipperEnd {
    pub(super) address: String,
    #[serde(flatten)]
    pub(super) place: ShipperPlace,
}

/// A place: an area, and coordinates that must be in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct ShipperPlace {
    pub(super) area_id: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) lat: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) lng: Option<String>,
}

/// The body of `POST pricing/domestic`.
#[derive(Serialize)]
pub(super) struct PricedRates {
    pub(super) origin: PricedPlace,
    pub(super) destination: PricedPlace,
    pub(super) for_order: bool,
    pub(super) cod: bool,
    #[serde(flatten)]
    pub(super) measures: ShipperMeasures,
    pub(super) item_value: u64,
    pub(super) sort_by: [&'static str; 1],
}

/// A place of which the area, the coordinates or both are known.
#[derive(Serialize)]
pub(super) struct PricedPlace {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) area_id: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) lat: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) lng: Option<String>,
}

/// The parcel.
#[derive(Serialize)]
pub(super) struct ShipperPackage<'a> {
    #[serde(flatten)]
    pub(super) measures: ShipperMeasures,
    pub(super) price: u64,
    pub(super) package_type: u64,
    pub(super) items: Vec<ShipperItem<'a>>,
}

/// The sides in centimetres and the weight in kilograms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct ShipperMeasures {
    pub(super) height: Number,
    pub(super) length: Number,
    pub(super) width: Number,
    pub(super) weight: Number,
}

/// A line of goods.
#[derive(Serialize)]
pub(super) struct ShipperItem<'a> {
    pub(super) name: &'a str,
    pub(super) price: u64,
    pub(super) qty: u32,
}

/// The body of `POST pickup/timeslot`. Without times the parcel is fetched as soon as possible.
#[derive(Serialize)]
pub(super) struct PickupRequest<'a> {
    pub(super) data: PickupData<'a>,
}

/// What [`PickupRequest`] wraps.
#[derive(Serialize)]
pub(super) struct PickupData<'a> {
    pub(super) order_activation: OrderActivation<'a>,
}

/// The orders whose parcels are fetched.
#[derive(Serialize)]
pub(super) struct OrderActivation<'a> {
    pub(super) order_id: [&'a str; 1],
    pub(super) timezone: &'static str,
}

/// The body of `POST order/label`.
#[derive(Serialize)]
pub(super) struct LabelRequest<'a> {
    pub(super) id: [&'a str; 1],
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
}

/// The body of `DELETE order/{id}`.
#[derive(Serialize)]
pub(super) struct CancelRequest {
    pub(super) reason: &'static str,
}

/// A text or a whole number; `None` if it is empty. A number that fits only into a float has lost digits.
pub(super) fn written(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) if !number.is_f64() => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            None
        }
    }
}

/// A status code: a whole number, also as a text.
pub(super) fn code(value: &Value) -> Option<u32> {
    written(value)?.parse().ok()
}
