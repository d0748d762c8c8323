//! An exchange: a replacement for a customer and the return of the article that it replaces, in one request.
//!
//! `forward` has the fields of a label request, `return` those of a return AWB request. Their order numbers are
//! `exchangeOrderNumber` and `returnOrderCode`, and their account is that of the exchange; each may repeat them.

use serde::Serialize;
use serde_json::Value;
use url::Url;
use utoipa::ToSchema;

use crate::contract::booking::PendingStatus;
use crate::contract::fields::Fields;
use crate::contract::shipment::content::content_digest;
use crate::contract::shipment::read_shipment;
use crate::contract::values::parsed;
use crate::digest::{Sha256, hex};
use crate::domain::booking::Booking;
use crate::domain::order::ShipmentRequest;
use crate::domain::shipment::ShipmentType;
use crate::domain::text::{AccountAlias, OrderNumber, Text};

/// A request for an exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExchangeRequest {
    /// The replacement; its order number is that of the exchange.
    pub forward: ShipmentRequest,
    /// The return; its order number is the return order's code.
    pub returned: ShipmentRequest,
    /// The account of both; may be absent if the client has only one.
    pub alias: Option<AccountAlias>,
}

/// Reads the body of a request for an exchange.
pub fn read(fields: &Fields<'_>) -> Option<ExchangeRequest> {
    let alias = fields.optional("logisticAccountAlias", parsed);
    let forward_number = fields.required("exchangeOrderNumber", parsed);
    let return_number = fields.required("returnOrderCode", parsed);
    let of_exchange = alias.as_ref().and_then(Option::as_ref);
    let forward = fields.object("forward", |half| {
        let is_ours = has_alias(half, of_exchange);
        read_half(half, ShipmentType::Forward, forward_number).filter(|_| is_ours)
    });
    let returned = fields.object("return", |half| {
        let is_ours = has_alias(half, of_exchange);
        read_half(half, ShipmentType::Return, return_number).filter(|_| is_ours)
    });
    Some(ExchangeRequest {
        forward: forward?,
        returned: returned?,
        alias: alias?,
    })
}

/// Reads a half under the number that the exchange gives it.
fn read_half(
    half: &Fields<'_>,
    wanted: ShipmentType,
    number: Option<OrderNumber>,
) -> Option<ShipmentRequest> {
    let is_whole = half.get("shipmentCode").is_none_or(is_empty_text);
    if !is_whole {
        half.wrong_field(
            "shipmentCode",
            "must be absent: an exchange has one parcel each way",
        );
    }
    let request = read_shipment(half, wanted, |order| {
        let is_theirs = has_number(order, number.as_ref());
        number.filter(|_| is_theirs)
    });
    request.filter(|_| is_whole)
}

/// Whether `logisticAccountAlias` is absent or that of the exchange; otherwise records a violation.
fn has_alias(half: &Fields<'_>, of_exchange: Option<&AccountAlias>) -> bool {
    let Some(found) = half
        .get("logisticAccountAlias")
        .filter(|found| !is_empty_text(found))
    else {
        return true;
    };
    let is_same = of_exchange.is_some_and(|alias| parsed(found).as_ref() == Ok(alias));
    if !is_same {
        half.wrong_field(
            "logisticAccountAlias",
            "must be absent or that of the exchange: both halves have one account",
        );
    }
    is_same
}

/// Whether `orderNumber` is absent or the number that the exchange gives the half; otherwise records a violation.
fn has_number(order: &Fields<'_>, number: Option<&OrderNumber>) -> bool {
    let Some(found) = order
        .get("orderNumber")
        .filter(|found| !is_empty_text(found))
    else {
        return true;
    };
    let is_same = number.is_none_or(|number| parsed(found).as_ref() == Ok(number));
    if !is_same {
        let detail =
            "must be absent: exchangeOrderNumber and returnOrderCode are the order numbers";
        order.wrong_field("orderNumber", detail);
    }
    is_same
}

fn is_empty_text(value: &Value) -> bool {
    value.as_str().is_some_and(str::is_empty)
}

/// A digest of everything that makes two requests for an exchange the same. The claims of both halves have it, so a
/// request for one of them alone is a request with other content.
pub fn exchange_digest(exchange: &ExchangeRequest, alias: &AccountAlias) -> String {
    let halves = [&exchange.forward, &exchange.returned];
    let [forward, returned] = halves.map(|half| content_digest(half, alias));
    let both = format!("exchange\n{forward}\n{returned}");
    hex(&Sha256::digest(both))
}

/// An exchange whose shipments are booked.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Exchange)]
pub struct ExchangedBody<'a> {
    /// The replacement.
    pub forward: ExchangedForward<'a>,
    /// The return.
    #[serde(rename = "return")]
    pub returned: ExchangedReturn<'a>,
}

/// The forward shipment of an exchange.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExchangedForward<'a> {
    /// The aggregator's id of the order.
    #[schema(value_type = Option<String>, example = "11012")]
    pub order_id: Option<&'a str>,
    /// The courier's tracking number.
    #[schema(value_type = String, example = "71902671")]
    pub awb: &'a str,
    /// The courier.
    #[schema(value_type = Option<String>, example = "Delhivery")]
    pub carrier_name: Option<&'a str>,
    /// The URL of the label document.
    #[schema(value_type = Option<String>, example = "https://shipping-label-pdf.com/asdf1234")]
    pub shipping_label_url: Option<&'a Url>,
    /// The aggregator's ids of orders that refused earlier requests left there, and that it refused to cancel.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[schema(value_type = Vec<String>, required = false)]
    pub left_orders: &'a [String],
}

/// The return of an exchange.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExchangedReturn<'a> {
    /// The aggregator's id of the return order.
    #[schema(value_type = Option<String>, example = "11013")]
    pub order_id: Option<&'a str>,
    /// The courier's tracking number of the return.
    #[schema(value_type = String, example = "71902672")]
    pub return_awb: &'a str,
    /// The courier.
    #[schema(value_type = Option<String>, example = "Delhivery")]
    pub carrier_name: Option<&'a str>,
    /// The aggregator's ids of orders that refused earlier requests left there, and that it refused to cancel.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[schema(value_type = Vec<String>, required = false)]
    pub left_orders: &'a [String],
}

/// An exchange of which the aggregator has queued at least one shipment.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PendingExchange)]
pub struct PendingExchangeBody<'a> {
    /// Your number of the order with the replacement.
    #[schema(value_type = String, example = "asdf1234-E")]
    pub exchange_order_number: &'a str,
    /// Your number of the return.
    #[schema(value_type = String, example = "return-asdf1234")]
    pub return_order_code: &'a str,
    /// Always `PENDING`.
    pub status: PendingStatus,
}

impl<'a> ExchangedBody<'a> {
    /// The bookings of both halves, each with the orders that are left under its number.
    pub fn new(
        (forward, left_of_forward): (&'a Booking, &'a [String]),
        (returned, left_of_returned): (&'a Booking, &'a [String]),
    ) -> Self {
        Self {
            forward: ExchangedForward {
                order_id: order_id(forward),
                awb: forward.awb.as_str(),
                carrier_name: forward.carrier_name.as_deref(),
                shipping_label_url: forward.label_url.as_ref(),
                left_orders: left_of_forward,
            },
            returned: ExchangedReturn {
                order_id: order_id(returned),
                return_awb: returned.awb.as_str(),
                carrier_name: returned.carrier_name.as_deref(),
                left_orders: left_of_returned,
            },
        }
    }
}

fn order_id(booking: &Booking) -> Option<&str> {
    booking.order_id.as_ref().map(Text::as_str)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::contract::fields::{Unreadable, read_value};
    use crate::domain::order::Purpose;

    fn half(shipment_type: &str) -> Value {
        let address = json!({"firstName": "A", "addressLine1": "1", "city": "B", "state": "C", "zip": "1", "country": "D"});
        json!({
            "pickupAddress": address,
            "dropAddress": address,
            "orderDetails": {
                "paymentType": "PREPAID",
                "orderAmount": 230,
                "orderDate": "2022-03-16T12:31:02+05:30",
                "shipmentType": shipment_type,
                "orderLineItems": [{"name": "jeans", "sku": "sku-1", "sellingPricePerUnit": 230, "quantity": 1}],
            },
            "shipmentDimension": {"length": 50, "breadth": 50, "height": 50, "weight": 200},
        })
    }

    fn body() -> Value {
        let mut returned = half("RETURN");
        returned["returnReason"] = json!("Does not fit");
        json!({
            "exchangeOrderNumber": "EX-1",
            "returnOrderCode": "RET-1",
            "logisticAccountAlias": "sr",
            "forward": half("FORWARD"),
            "return": returned,
        })
    }

    fn pointers(body: &Value) -> Vec<String> {
        match read_value(body, read) {
            Ok(_) => Vec::new(),
            Err(Unreadable::Invalid(found)) => found.into_iter().map(|one| one.pointer).collect(),
            Err(Unreadable::NotJson(error)) => panic!("{error}"),
        }
    }

    #[test]
    fn the_halves_have_the_numbers_of_the_exchange() {
        let read = read_value(&body(), read).unwrap();
        assert_eq!(read.forward.order_number.as_str(), "EX-1");
        assert_eq!(read.returned.order_number.as_str(), "RET-1");
        assert_eq!(read.forward.purpose, Purpose::Forward);
        assert_eq!(read.alias.unwrap().as_str(), "sr");
    }

    #[test]
    fn every_violation_of_both_halves_is_found_at_once() {
        let mut wrong = body();
        wrong["exchangeOrderNumber"] = Value::Null;
        wrong["forward"]["orderDetails"]["shipmentType"] = json!("RETURN");
        wrong["forward"]["dropAddress"]["zip"] = Value::Null;
        wrong["forward"]["shipmentCode"] = json!("2");
        wrong["return"]["returnReason"] = Value::Null;
        wrong["return"]["logisticAccountAlias"] = json!("other");
        let expected = [
            "/exchangeOrderNumber",
            "/forward/shipmentCode",
            "/forward/dropAddress/zip",
            "/forward/orderDetails/shipmentType",
            "/return/logisticAccountAlias",
            "/return/returnReason",
        ];
        assert_eq!(pointers(&wrong), expected);
    }

    #[test]
    fn a_half_may_repeat_its_number_and_account_but_have_no_other() {
        let mut same = body();
        same["forward"]["logisticAccountAlias"] = json!("sr");
        same["forward"]["orderDetails"]["orderNumber"] = json!("EX-1");
        same["return"]["orderDetails"]["orderNumber"] = json!("");
        same["return"]["shipmentCode"] = json!("");
        assert_eq!(pointers(&same), [""; 0]);
        same["return"]["orderDetails"]["orderNumber"] = json!("EX-1");
        assert_eq!(pointers(&same), ["/return/orderDetails/orderNumber"]);
    }

    #[test]
    fn another_half_is_other_content_and_so_is_a_half_alone() {
        let digest = |change: fn(&mut Value), alias: &str| {
            let mut body = body();
            change(&mut body);
            let exchange = read_value(&body, read).unwrap();
            exchange_digest(&exchange, &alias.parse().unwrap())
        };
        let first = digest(|_| (), "sr");
        assert_eq!(
            digest(|body| body["forward"]["courierId"] = json!(1), "sr"),
            first
        );
        for half in [
            (|body| body["forward"]["dropAddress"]["zip"] = json!("2")) as fn(&mut Value),
            |body| body["return"]["returnReason"] = json!("N/A"),
            |body| body["returnOrderCode"] = json!("RET-2"),
        ] {
            assert_ne!(digest(half, "sr"), first);
        }
        assert_ne!(digest(|_| (), "other"), first);
        let exchange = read_value(&body(), read).unwrap();
        assert_ne!(
            content_digest(&exchange.forward, &"sr".parse().unwrap()),
            first
        );
    }

    #[test]
    fn both_halves_are_required() {
        assert_eq!(
            pointers(&json!({"forward": 7})),
            [
                "/exchangeOrderNumber",
                "/returnOrderCode",
                "/forward",
                "/return"
            ]
        );
    }

    #[test]
    fn the_response_has_both_bookings() {
        let booking = |order_id: &str, label_url: Option<&str>| Booking {
            order_id: Some(order_id.parse().unwrap()),
            awb: "77300145020".parse().unwrap(),
            carrier_name: Some("Delhivery".to_owned()),
            label_url: label_url.map(|url| url.parse().unwrap()),
            commercial_invoice_url: None,
            meta_data: std::collections::BTreeMap::new(),
            own_ids: std::collections::BTreeMap::new(),
        };
        let (forward, returned) = (
            booking("1", Some("https://labels.example/1")),
            booking("2", None),
        );
        assert_eq!(
            serde_json::to_value(ExchangedBody::new((&forward, &[]), (&returned, &[]))).unwrap(),
            json!({
                "forward": {"orderId": "1", "awb": "77300145020", "carrierName": "Delhivery",
                    "shippingLabelUrl": "https://labels.example/1"},
                "return": {"orderId": "2", "returnAwb": "77300145020", "carrierName": "Delhivery"},
            })
        );
    }
}
