//! Responses with a label or a return AWB, from us and from RMS Magic aggregators.

use std::fmt::Display;
use std::str::FromStr;

use serde::Serialize;
use serde_json::Value;
use url::Url;
use utoipa::ToSchema;

use crate::contract::fields::Fields;
use crate::contract::optional_fields::OptionalFields;
use crate::domain::booking::{Booking, MetaData};
use crate::domain::shipment::ShipmentType;
use crate::domain::text::{OrderNumber, Text};

/// The documents use any of these names for a courier.
pub(crate) const CARRIER_NAMES: [&str; 3] = ["carrierName", "courierName", "transporter"];

/// A label.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ShippingLabel)]
pub struct LabelBody<'a> {
    /// The aggregator's id of the order.
    #[schema(value_type = Option<String>, example = "11012")]
    pub order_id: Option<&'a str>,
    /// The client's id of the order.
    #[schema(value_type = String, example = "asdf1234")]
    pub order_number: &'a str,
    /// The courier's tracking number.
    #[schema(value_type = String, example = "71902671")]
    pub awb: &'a str,
    /// The courier.
    #[schema(value_type = Option<String>, example = "Delhivery")]
    pub carrier_name: Option<&'a str>,
    /// The URL of the label document.
    #[schema(value_type = Option<String>, example = "https://shipping-label-pdf.com/asdf1234")]
    pub shipping_label_url: Option<&'a Url>,
    /// The URL of the commercial invoice of an international parcel, if the aggregator created one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub commercial_invoice_url: Option<&'a Url>,
    /// The aggregator's ids of orders that refused earlier requests left there, and that it refused to cancel.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[schema(value_type = Vec<String>, required = false)]
    pub left_orders: &'a [String],
}

/// A return AWB.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ReturnAwb)]
pub struct ReturnAwbBody<'a> {
    /// The aggregator's id of the return order.
    #[schema(value_type = Option<String>, example = "11012")]
    pub order_id: Option<&'a str>,
    /// The client's id of the return order.
    #[schema(value_type = String, example = "return-asdf1234")]
    pub order_number: &'a str,
    /// The courier's tracking number of the return.
    #[schema(value_type = String, example = "71902671")]
    pub return_awb: &'a str,
    /// The courier.
    #[schema(value_type = Option<String>, example = "Delhivery")]
    pub carrier_name: Option<&'a str>,
    /// The aggregator's ids of orders that refused earlier requests left there, and that it refused to cancel.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[schema(value_type = Vec<String>, required = false)]
    pub left_orders: &'a [String],
}

/// An order that the aggregator queued.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PendingOrder)]
pub struct PendingBody<'a> {
    /// The client's id of the order.
    #[schema(value_type = String, example = "asdf1234")]
    pub order_number: &'a str,
    /// Always `PENDING`.
    pub status: PendingStatus,
    /// The aggregator's ids of orders that refused earlier requests left there, and that it refused to cancel.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[schema(value_type = Vec<String>, required = false)]
    pub left_orders: &'a [String],
}

/// An order that exists at the aggregator.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CreatedOrder)]
pub struct OrderBody<'a> {
    /// The aggregator's id of the order.
    #[schema(value_type = String, example = "11012")]
    pub order_id: &'a str,
    /// The client's id of the order.
    #[schema(value_type = String, example = "asdf1234")]
    pub order_number: &'a str,
    /// The aggregator's ids of orders that refused earlier requests left there, and that it refused to cancel.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[schema(value_type = Vec<String>, required = false)]
    pub left_orders: &'a [String],
}

/// The result of a cancellation.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Cancellation)]
pub struct CancellationBody<'a> {
    /// The client's id of the order.
    #[schema(value_type = String, example = "asdf1234")]
    pub order_number: &'a str,
    /// Whether it is done.
    pub status: CancellationStatus,
}

/// How far a queued order is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PendingStatus {
    /// The aggregator queued it.
    Pending,
}

/// How far a cancellation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CancellationStatus {
    /// It is done.
    Cancelled,
    /// The aggregator will do it later.
    CancellationRequested,
}

impl<'a> LabelBody<'a> {
    /// The label of an order.
    pub fn new(
        order_number: &'a OrderNumber,
        booking: &'a Booking,
        left_orders: &'a [String],
    ) -> Self {
        Self {
            order_id: booking.order_id.as_ref().map(Text::as_str),
            order_number: order_number.as_str(),
            awb: booking.awb.as_str(),
            carrier_name: booking.carrier_name.as_deref(),
            shipping_label_url: booking.label_url.as_ref(),
            commercial_invoice_url: booking.commercial_invoice_url.as_ref(),
            left_orders,
        }
    }
}

impl<'a> ReturnAwbBody<'a> {
    /// The AWB of a return order.
    pub fn new(
        order_number: &'a OrderNumber,
        booking: &'a Booking,
        left_orders: &'a [String],
    ) -> Self {
        Self {
            order_id: booking.order_id.as_ref().map(Text::as_str),
            order_number: order_number.as_str(),
            return_awb: booking.awb.as_str(),
            carrier_name: booking.carrier_name.as_deref(),
            left_orders,
        }
    }
}

/// Reads an aggregator's response with a label or a return AWB. Only the AWB is required: it has been paid for.
pub fn read(
    fields: &Fields<'_>,
    shipment_type: ShipmentType,
    optional: &mut OptionalFields,
) -> Option<Booking> {
    let awb = match shipment_type {
        ShipmentType::Forward => fields.required("awb", code),
        ShipmentType::Return => fields.required_any(&["returnAwb", "awb"], code),
    };
    let carrier_names = CARRIER_NAMES.iter().filter_map(|name| fields.get(name));
    let label_url = match shipment_type {
        ShipmentType::Forward => {
            let url = fields.get("shippingLabelUrl");
            optional.told("shippingLabelUrl", url, told).document()
        }
        ShipmentType::Return => None,
    };
    Some(Booking {
        order_id: optional
            .told("orderId", fields.get("orderId"), told)
            .parsed(),
        awb: awb?,
        carrier_name: optional.told("carrierName", carrier_names, told).line(),
        label_url,
        commercial_invoice_url: None,
        meta_data: MetaData::new(),
        own_ids: std::collections::BTreeMap::new(),
    })
}

/// A string according to the document. A number is accepted too, because the label has been paid for.
fn code<T: FromStr<Err: Display>>(value: &Value) -> Result<T, String> {
    let text = told(value).ok_or("must be a string")?;
    text.parse().map_err(|error: T::Err| error.to_string())
}

/// A string without the blanks at its ends, or a whole number. A number that fits only into a float has lost digits.
pub fn told(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) if !number.is_f64() => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::fields::{Unreadable, read_value};
    use serde_json::json;

    fn forward(body: &Value) -> Result<Booking, Unreadable> {
        let mut optional = OptionalFields::default();
        read_value(body, |fields| {
            read(fields, ShipmentType::Forward, &mut optional)
        })
    }

    #[test]
    fn ids_are_read_as_strings_and_as_numbers() {
        let text = json!({ "orderId": "11012", "awb": " 71902671\r\n" });
        let numbers = json!({ "orderId": 11012, "awb": 71_902_671 });
        let [text, numbers] = [text, numbers].map(|body| forward(&body));
        assert_eq!(text, numbers);
        assert_eq!(text.unwrap().awb.as_str(), "71902671");
    }

    #[test]
    fn a_response_without_an_awb_is_invalid() {
        for body in [
            json!({ "orderId": "11012" }),
            json!({ "orderId": "11012", "awb": "" }),
            json!({ "orderId": "11012", "awb": null }),
            json!({ "orderId": "11012", "awb": ["71902671"] }),
            json!({ "orderId": "11012", "awb": 1.5 }),
        ] {
            assert!(forward(&body).is_err());
        }
    }
}
