//! A request → a return order. The customer's data is left out: their bank account is part of it, and the address of a return
//! is that of the forward shipment.

use jiff::Timestamp;
use serde_json::Value;

use crate::channels::return_prime::account::{alias, location};
use crate::channels::return_prime::pieces::{self, text, text_at};
use crate::channels::return_prime::status;
use crate::domain::account::ChannelAccount;
use crate::domain::channel_return::{ChannelReturn, UnusableReturn};
use crate::domain::money::Currency;
use crate::domain::returning::return_order::{ReturnOrder, ReturnOrderType};
use crate::domain::text::{Awb, ChannelReturnId};

/// The number of digits of an id.
const ID_LENGTH: usize = 24;

/// The id of a request, by which it is read: only the object id works, not the number.
pub(super) fn id(request: &Value) -> Option<ChannelReturnId> {
    let id = request.get("id")?.as_str()?.trim();
    let is_id = id.len() == ID_LENGTH && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_id { id.parse().ok() } else { None }
}

/// When the customer placed it.
pub(super) fn created_at(request: &Value) -> Option<Timestamp> {
    status::time(request.get("created_at"))
}

/// Translates a request.
pub(super) fn read(
    account: &ChannelAccount,
    request: &Value,
) -> Result<ChannelReturn, UnusableReturn> {
    let (awb, transporter) = awb(request).unzip();
    let order = ReturnOrder {
        return_order_code: required("request_number", request.get("request_number"))?,
        forward_order_code: forward_order(request)?,
        location_code: location(account)
            .map_err(|error| unusable("locationCode", error.to_string()))?,
        return_order_time: created_at(request),
        return_order_status: request.get("status").and_then(text),
        expected_date: None,
        items: pieces::read(request)?,
        order_type: ReturnOrderType::CustomerReturn,
        awb,
        transporter: transporter.flatten(),
        alias: alias(account)
            .map_err(|error| unusable("logisticAccountAlias", error.to_string()))?,
        currency_code: currency(request),
        region_type: None,
        return_reason: None,
        seller_gstin: None,
        consignee_gstin: None,
        dimension: None,
        drop_address: None,
        pickup_address: None,
        order_details: None,
    };
    Ok(ChannelReturn {
        order,
        steps: status::steps(request),
    })
}

/// A field that every return order needs.
pub(super) fn required<T: std::str::FromStr<Err: std::fmt::Display>>(
    field: &'static str,
    value: Option<&Value>,
) -> Result<T, UnusableReturn> {
    let text = value.and_then(text);
    let text = text.ok_or_else(|| unusable(field, "is missing"))?;
    text.parse()
        .map_err(|error: T::Err| unusable(field, error.to_string()))
}

/// Why a request is no return order.
pub(super) fn unusable(field: &'static str, detail: impl Into<String>) -> UnusableReturn {
    UnusableReturn {
        field,
        detail: detail.into(),
    }
}

/// The order's name without the `#` that shops put before it.
fn forward_order<T: std::str::FromStr<Err: std::fmt::Display>>(
    request: &Value,
) -> Result<T, UnusableReturn> {
    const FIELD: &str = "order.name";
    let name = text_at(request, "/order/name");
    let name = name.ok_or_else(|| unusable(FIELD, "is missing"))?;
    let code = name.strip_prefix('#').unwrap_or(&name).trim();
    code.parse()
        .map_err(|error: T::Err| unusable(FIELD, error.to_string()))
}

/// The first AWB of the line items, with its courier. A return order has one.
fn awb(request: &Value) -> Option<(Awb, Option<String>)> {
    let parcels = pieces::lines(request).filter_map(|line| line.get("shipping")?.as_array());
    parcels.flatten().find_map(|parcel| {
        let awb = parcel.get("awb").and_then(text)?.parse().ok()?;
        Some((awb, parcel.get("shipping_company").and_then(text)))
    })
}

fn currency(request: &Value) -> Option<String> {
    let mut lines = pieces::lines(request);
    let written = lines.find_map(|line| text_at(line, "/shop_price/currency"))?;
    let currency: Currency = written.parse().ok()?;
    Some(currency.as_str().to_owned())
}
