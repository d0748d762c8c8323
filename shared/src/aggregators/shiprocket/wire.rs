//! Shiprocket's JSON, in its own spelling. Responses are parsed leniently: a number may be a string, and a missing
//! value may be null, an empty string or `NA`.

use rust_decimal::prelude::ToPrimitive as _;
use serde::Serialize;
use serde_json::{Number, Value};

use crate::contract::event_details::whole;
use crate::domain::personal::Personal;
use crate::outbound::client::Reply;
use crate::partners::json;

/// The body of a login.
#[derive(Serialize)]
pub(super) struct Login<'a> {
    pub(super) email: &'a str,
    pub(super) password: &'a str,
}

/// The body of `orders/create/adhoc`.
#[derive(Debug, Serialize)]
pub(super) struct ForwardOrder<'a> {
    pub(super) order_id: &'a str,
    pub(super) order_date: String,
    pub(super) pickup_location: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) channel_id: Option<u64>,
    #[serde(flatten)]
    pub(super) billing: BillingAddress<'a>,
    pub(super) shipping_is_billing: bool,
    #[serde(flatten)]
    pub(super) shipping: Option<ShippingAddress<'a>>,
    pub(super) order_items: Vec<ShiprocketItem<'a>>,
    pub(super) payment_method: &'static str,
    pub(super) sub_total: Number,
    #[serde(flatten)]
    pub(super) measures: Measures,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) invoice_number: Option<&'a str>,
    #[serde(flatten)]
    pub(super) export: Option<Export<'a>>,
}

/// Additional data of an international order.
#[derive(Debug, Serialize)]
#[expect(non_snake_case, reason = "Shiprocket's own spelling")]
pub(super) struct Export<'a> {
    pub(super) isd_code: String,
    pub(super) currency: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reasonOfExport: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) Terms_Of_Invoice: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) purpose_of_shipment: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) igstPaymentStatus: Option<String>,
}

/// The body of `orders/create/return`.
#[derive(Debug, Serialize)]
pub(super) struct ReturnOrder<'a> {
    pub(super) order_id: &'a str,
    pub(super) order_date: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) channel_id: Option<u64>,
    #[serde(flatten)]
    pub(super) pickup: PickupAddress<'a>,
    #[serde(flatten)]
    pub(super) shipping: ShippingAddress<'a>,
    pub(super) order_items: Vec<ShiprocketItem<'a>>,
    pub(super) payment_method: &'static str,
    pub(super) sub_total: Number,
    #[serde(flatten)]
    pub(super) measures: Measures,
}

/// The parcel's dimensions in centimetres and weight in kilograms.
#[derive(Debug, Serialize)]
pub(super) struct Measures {
    pub(super) length: Number,
    pub(super) breadth: Number,
    pub(super) height: Number,
    pub(super) weight: Number,
}

/// The billing address of an order.
#[derive(Debug, Serialize)]
pub(super) struct BillingAddress<'a> {
    #[serde(rename = "billing_customer_name")]
    pub(super) customer_name: Personal,
    #[serde(rename = "billing_last_name")]
    pub(super) last_name: Option<&'a Personal>,
    #[serde(rename = "billing_address")]
    pub(super) address: &'a Personal,
    #[serde(rename = "billing_address_2")]
    pub(super) address_2: Option<Personal>,
    #[serde(rename = "billing_city")]
    pub(super) city: &'a str,
    #[serde(rename = "billing_pincode")]
    pub(super) pincode: Pincode,
    #[serde(rename = "billing_state")]
    pub(super) state: &'a str,
    #[serde(rename = "billing_country")]
    pub(super) country: &'a str,
    #[serde(rename = "billing_email")]
    pub(super) email: Personal,
    #[serde(rename = "billing_phone")]
    pub(super) phone: Personal,
    #[serde(rename = "billing_isd_code", skip_serializing_if = "Option::is_none")]
    pub(super) isd_code: Option<String>,
}

/// The shipping address of a parcel.
#[derive(Debug, Serialize)]
pub(super) struct ShippingAddress<'a> {
    #[serde(rename = "shipping_customer_name")]
    pub(super) customer_name: Personal,
    #[serde(rename = "shipping_last_name")]
    pub(super) last_name: Option<&'a Personal>,
    #[serde(rename = "shipping_address")]
    pub(super) address: &'a Personal,
    #[serde(rename = "shipping_address_2")]
    pub(super) address_2: Option<Personal>,
    #[serde(rename = "shipping_city")]
    pub(super) city: &'a str,
    #[serde(rename = "shipping_pincode")]
    pub(super) pincode: String,
    #[serde(rename = "shipping_state")]
    pub(super) state: &'a str,
    #[serde(rename = "shipping_country")]
    pub(super) country: &'a str,
    #[serde(rename = "shipping_email", skip_serializing_if = "Option::is_none")]
    pub(super) email: Option<Personal>,
    #[serde(rename = "shipping_phone")]
    pub(super) phone: Personal,
}

/// The pickup address of a return.
#[derive(Debug, Serialize)]
pub(super) struct PickupAddress<'a> {
    #[serde(rename = "pickup_customer_name")]
    pub(super) customer_name: Personal,
    #[serde(rename = "pickup_last_name")]
    pub(super) last_name: Option<&'a Personal>,
    #[serde(rename = "pickup_address")]
    pub(super) address: &'a Personal,
    #[serde(rename = "pickup_address_2")]
    pub(super) address_2: Option<Personal>,
    #[serde(rename = "pickup_city")]
    pub(super) city: &'a str,
    #[serde(rename = "pickup_pincode")]
    pub(super) pincode: String,
    #[serde(rename = "pickup_state")]
    pub(super) state: &'a str,
    #[serde(rename = "pickup_country")]
    pub(super) country: &'a str,
    #[serde(rename = "pickup_email")]
    pub(super) email: Personal,
    #[serde(rename = "pickup_phone")]
    pub(super) phone: Personal,
}

/// The pincode of a consignee: a number in India, a string elsewhere.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Pincode {
    /// Six digits.
    Indian(u32),
    /// Any other postal code.
    Foreign(String),
}

/// A line of an order.
#[derive(Debug, Serialize)]
pub(super) struct ShiprocketItem<'a> {
    pub(super) name: &'a str,
    pub(super) sku: String,
    pub(super) units: u32,
    pub(super) selling_price: Number,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) hsn: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) return_reason: Option<&'a str>,
    #[serde(flatten)]
    pub(super) quality_check: Option<ShiprocketQualityCheck<'a>>,
}

/// The quality check of a courier at the door.
#[derive(Debug, Serialize)]
#[expect(clippy::struct_field_names, reason = "Shiprocket's own spelling")]
pub(super) struct ShiprocketQualityCheck<'a> {
    pub(super) qc_enable: bool,
    pub(super) qc_product_name: &'a str,
    pub(super) qc_product_image: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) qc_brand: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) qc_color: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) qc_size: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) qc_serial_no: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) qc_ean_barcode: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) qc_product_imei: Option<&'a str>,
}

/// The body of `courier/assign/awb`.
#[derive(Debug, Serialize)]
pub(super) struct AssignAwb {
    pub(super) shipment_id: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) courier_id: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) is_return: Option<u8>,
}

/// The body of `courier/generate/label`.
#[derive(Debug, Serialize)]
pub(super) struct GenerateLabel {
    pub(super) shipment_id: [Value; 1],
}

/// The body of `orders/cancel`.
#[derive(Debug, Serialize)]
pub(super) struct CancelOrders {
    pub(super) ids: [Value; 1],
}

/// The body of `orders/cancel/shipment/awbs`.
#[derive(Debug, Serialize)]
pub(super) struct CancelShipments<'a> {
    pub(super) awbs: [&'a str; 1],
}

/// An id or code of Shiprocket, which it expects as a number.
pub(super) fn id(id: &str) -> Value {
    id.parse::<u64>().map_or_else(|_| id.into(), Value::from)
}

/// A response body of Shiprocket. It may contain personal data, so it is never printed.
pub(super) struct ShiprocketAnswer(Value);

impl ShiprocketAnswer {
    /// The body of a response, if it is a JSON object.
    pub(super) fn of(reply: &Reply) -> Option<Self> {
        json::object(&reply.body).map(Self)
    }

    /// The value at a JSON pointer.
    pub(super) fn at(&self, pointer: &str) -> Option<&Value> {
        self.0.pointer(pointer)
    }

    /// A string at a JSON pointer.
    pub(super) fn text(&self, pointer: &str) -> Option<String> {
        text(self.at(pointer)?)
    }

    /// A whole number at a JSON pointer.
    pub(super) fn number(&self, pointer: &str) -> Option<i64> {
        number(self.at(pointer)?)
    }
}

/// A string, or a whole number as its digits. `None` for all markers of a missing value.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) if !number.is_f64() => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            None
        }
    }
    .filter(|text| !text.is_empty() && !text.eq_ignore_ascii_case("NA"))
}

/// A whole number, also as `1.0`, or one in a string; booleans are 1 or 0.
pub(super) fn number(value: &Value) -> Option<i64> {
    match value {
        Value::Bool(is) => Some(i64::from(*is)),
        Value::Null | Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
            whole(value)?.to_i64()
        }
    }
}
