//! Shipway's JSON in its own spelling: requests, and lenient parsers for responses, in which flags are `1`, `true`,
//! `"1"` or `"Success"`, and ids are strings or numbers.

#![expect(
    clippy::struct_field_names,
    reason = "fields are spelled as Shipway spells them"
)]

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::aggregators::flags;
use crate::outbound::client::Reply;
use crate::partners::json;

/// The body of `v2orders`: an order, with or without the data that books it.
#[derive(Serialize)]
pub(super) struct ShipwayOrder<'a> {
    pub(super) order_id: &'a str,
    #[serde(flatten)]
    pub(super) carriage: Option<Carriage<'a>>,
    pub(super) products: Vec<ShipwayProduct<'a>>,
    pub(super) discount: &'static str,
    pub(super) shipping: &'static str,
    pub(super) order_total: String,
    pub(super) gift_card_amt: &'static str,
    pub(super) taxes: &'static str,
    pub(super) payment_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) email: Option<&'a str>,
    #[serde(flatten)]
    pub(super) contact: ShipwayContact<'a>,
    pub(super) order_weight: String,
    pub(super) box_length: String,
    pub(super) box_breadth: String,
    pub(super) box_height: String,
    pub(super) order_date: String,
}

/// The data that makes Shipway book: the courier, or "" for Shipway's choice, and the warehouse ids.
#[derive(Serialize)]
pub(super) struct Carriage<'a> {
    pub(super) carrier_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) warehouse_id: Option<&'a str>,
    pub(super) return_warehouse_id: &'a str,
}

/// One line of an order.
#[derive(Serialize)]
pub(super) struct ShipwayProduct<'a> {
    pub(super) product: &'a str,
    pub(super) product_code: &'a str,
    pub(super) price: String,
    pub(super) product_quantity: String,
    pub(super) discount: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) hsn_code: Option<&'a str>,
    #[serde(flatten)]
    pub(super) returned: Option<ReturnedProduct<'a>>,
}

/// Additional data of a line of a return.
#[derive(Serialize)]
pub(super) struct ReturnedProduct<'a> {
    pub(super) amount: String,
    pub(super) return_reason_id: &'a str,
    pub(super) customer_notes: &'a str,
}

/// The customer, with the same address for billing and shipping.
pub(super) struct ShipwayContact<'a> {
    pub(super) firstname: String,
    pub(super) lastname: &'a str,
    pub(super) phone: String,
    pub(super) address: &'a str,
    pub(super) address2: String,
    pub(super) city: &'a str,
    pub(super) state: &'a str,
    pub(super) zipcode: String,
}

/// The only country to which Shipway is known to ship.
const COUNTRY: &str = "India";

impl Serialize for ShipwayContact<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let fields = [
            (
                "billing_firstname",
                "shipping_firstname",
                self.firstname.as_str(),
            ),
            ("billing_lastname", "shipping_lastname", self.lastname),
            ("billing_phone", "shipping_phone", &self.phone),
            ("billing_address", "shipping_address", self.address),
            ("billing_address2", "shipping_address2", &self.address2),
            ("billing_city", "shipping_city", self.city),
            ("billing_state", "shipping_state", self.state),
            ("billing_country", "shipping_country", COUNTRY),
            ("billing_zipcode", "shipping_zipcode", &self.zipcode),
        ];
        let mut map = serializer.serialize_map(Some(2 * fields.len()))?;
        for (billing, shipping, value) in fields {
            map.serialize_entry(billing, value)?;
            map.serialize_entry(shipping, value)?;
        }
        map.end()
    }
}

/// The body of `Createreturns`.
#[derive(Serialize)]
pub(super) struct ShipwayReturn<'a> {
    #[serde(flatten)]
    pub(super) order: ShipwayOrder<'a>,
    pub(super) return_order_status: &'a str,
    pub(super) return_reason_id: &'a str,
    pub(super) refund_payment_id: &'a str,
    #[serde(flatten)]
    pub(super) quality_check: Option<ShipwayQualityCheck<'a>>,
}

/// The quality check of a courier at the door.
#[derive(Serialize)]
pub(super) struct ShipwayQualityCheck<'a> {
    pub(super) quality_check: &'static str,
    pub(super) qc_checkurl: Vec<&'a str>,
    pub(super) qc_text_capture: Vec<TextCapture<'a>>,
}

/// A text that the courier compares.
#[derive(Serialize)]
pub(super) struct TextCapture<'a> {
    pub(super) qc_text_capture_label: String,
    pub(super) qc_text_capture_value: &'a str,
    pub(super) value_to_check: &'a str,
}

/// The body of `Cancel`.
#[derive(Serialize)]
pub(super) struct CancelShipments<'a> {
    pub(super) awb_number: [&'a str; 1],
}

/// The body of `Cancelorders`.
#[derive(Serialize)]
pub(super) struct CancelOrders<'a> {
    pub(super) order_ids: [&'a str; 1],
}

/// A flag in any of Shipway's spellings; `None` if it is neither true nor false.
pub(super) fn flag(value: Option<&Value>) -> Option<bool> {
    let value = value?;
    flags::flag(value).or_else(
        || match value.as_str()?.trim().to_ascii_lowercase().as_str() {
            "success" => Some(true),
            "error" | "fail" | "failed" | "failure" => Some(false),
            _ => None,
        },
    )
}

/// A string or a whole number; `None` if it is empty or marks a missing value. A number that fits only into a float has
/// lost digits and would be another id.
pub(super) fn written(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => {
            let text = text.trim();
            let is_nothing = matches!(text, "" | "NA" | "N/A" | "null");
            (!is_nothing).then(|| text.to_owned())
        }
        Value::Number(number) if !number.is_f64() => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            None
        }
    }
}

/// Whether [`written`] can parse a value, even if it is a missing one.
pub(super) fn is_scalar(value: &Value) -> bool {
    match value {
        Value::Null | Value::String(_) => true,
        Value::Number(number) => !number.is_f64(),
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => false,
    }
}

/// The first field with a value.
pub(super) fn word(object: &Value, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| written(object.get(name)?))
}

/// The fields with these names that are present, of any type.
pub(super) fn fields<'v>(
    object: &'v Value,
    names: &'v [&'v str],
) -> impl Iterator<Item = &'v Value> {
    names.iter().filter_map(|name| object.get(name))
}

/// The JSON object of a response.
pub(super) fn object(reply: &Reply) -> Option<Value> {
    json::object(&reply.body)
}
