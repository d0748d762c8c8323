//! Outbound orders: the body of `POST /v3/fulfillment/outbound/oms`.
//!
//! An order has many fields that only the OMS knows. RMS checks those that it needs and those that are mandatory, and passes the
//! order on as it came.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::contract::described_values::FreeText;
use crate::contract::fields::{Fields, Unreadable, parse_json, read_entries, read_value};
use crate::contract::surrogates::without_halves;
use crate::contract::values::{code_text, decimal, one_of, parsed, personal, phone, text};
use crate::digest::{Sha256, hex};
use crate::domain::fulfilling::outbound_order::OutboundType;
use crate::domain::fulfilling::requested::RequestedOrder;
use crate::domain::fulfilling::tracking::TrackingId;
use crate::domain::text::{SalesOrderNumber, WarehouseCode};

/// The maximum number of orders of a request.
pub const MOST_ORDERS: usize = 100;

/// An order as it was read, not yet with its content.
#[derive(Debug)]
struct ReadOrder {
    number: SalesOrderNumber,
    order_type: Option<OutboundType>,
    tracking: TrackingId,
    warehouse: WarehouseCode,
}

/// Reads the body: an order, or a list of orders.
pub fn read_orders(body: &[u8]) -> Result<Vec<RequestedOrder>, Unreadable> {
    let body = without_halves(body).map_or(Cow::Borrowed(body), Cow::Owned);
    let value = parse_json(&body)?;
    let met = RefCell::default();
    let (orders, values) = match &value {
        Value::Array(entries) => {
            let orders = read_entries(&value, MOST_ORDERS, |fields| once(fields, &met))?;
            (orders, entries.as_slice())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
            let order = read_value(&value, read)?;
            (vec![order], std::slice::from_ref(&value))
        }
    };
    let documents = documents(&body, value.is_array()).map_err(|error| {
        let detail = format!("the body is not JSON: {error}");
        Unreadable::NotJson(detail)
    })?;
    let whole = orders.into_iter().zip(values).zip(documents);
    Ok(whole
        .map(|((order, value), document)| RequestedOrder {
            number: order.number,
            order_type: order.order_type,
            tracking: order.tracking,
            warehouse: order.warehouse,
            content: digest(value),
            document: document.get().to_owned().into(),
        })
        .collect())
}

/// Reads an order for the documents' tests, which know one at a time.
pub fn check(fields: &Fields<'_>) -> Option<()> {
    read(fields).map(drop)
}

/// The orders as they came, with the digits and the fields that RMS does not know.
fn documents(body: &[u8], is_list: bool) -> serde_json::Result<Vec<&RawValue>> {
    if is_list {
        serde_json::from_slice(body)
    } else {
        serde_json::from_slice(body).map(|document| vec![document])
    }
}

/// Reads an order of a list. `met` are the numbers of the orders before it.
fn once(fields: &Fields<'_>, met: &RefCell<BTreeSet<SalesOrderNumber>>) -> Option<ReadOrder> {
    let order = read(fields)?;
    if !met.borrow_mut().insert(order.number.clone()) {
        fields.wrong_field("so_number", "must be in the list only once");
    }
    Some(order)
}

fn read(fields: &Fields<'_>) -> Option<ReadOrder> {
    let warehouse = fields.required("warehouse_id", parsed);
    let customer = fields.required("customer_id", code_text);
    let number = fields.required("so_number", parsed);
    let order_type = fields.optional("order_type", one_of("SO, TT or RT"));
    let tracking = tracking(fields);
    let identification = fields.required("order_identification_code", one);
    let status = fields.required("internal_order_status", code_text);
    let tenant = fields.required("tenant_name", text);
    let consignee = consignee(fields);
    let details = fields.list(&["details"], quantities);
    let checked = [
        customer.is_some(),
        identification.is_some(),
        status.is_some(),
        tenant.is_some(),
        consignee.is_some(),
        details.is_some(),
    ];
    let order = ReadOrder {
        number: number?,
        order_type: order_type?,
        tracking: tracking?,
        warehouse: warehouse?,
    };
    checked.iter().all(|is_valid| *is_valid).then_some(order)
}

/// What the delivery is tracked by, which has two names.
fn tracking(fields: &Fields<'_>) -> Option<TrackingId> {
    let delivery = fields.optional("delivery_no", parsed);
    let tracking = fields.optional("tracking_id", parsed);
    let given = delivery?.or(tracking?);
    if given.is_none() {
        let detail =
            "is missing: an order needs the delivery_no or the tracking_id of its delivery";
        fields.wrong_field("delivery_no", detail);
    }
    given
}

/// Who gets the goods, and where. It is checked, and passed on with the rest.
fn consignee(fields: &Fields<'_>) -> Option<()> {
    let read = [
        fields.required("consignee", personal),
        fields.required("consignee_phone", phone),
        fields.required("consignee_email", personal),
        fields.required("consignee_full_address", personal),
        fields.required("consignee_state", personal),
        fields.required("consignee_province", personal),
        fields.required("consignee_city", personal),
    ];
    let zipcode = fields.required("zipcode", code_text);
    let is_read = zipcode.is_some() && read.iter().all(Option::is_some);
    is_read.then_some(())
}

fn one(value: &Value) -> Result<(), String> {
    let number = decimal(value).ok();
    let is_one = number.is_some_and(|number| number == 1.into());
    is_one.then_some(()).ok_or_else(|| "must be 1".to_owned())
}

/// The quantities of a line must not be negative, whatever they are called.
fn quantities(fields: &Fields<'_>) -> Option<()> {
    let mut is_valid = true;
    for (name, value) in fields.all_fields() {
        let name_of_quantity = name.contains("qty") || name.contains("quantity");
        if name_of_quantity && is_negative(value) {
            fields.wrong_field(name, "must not be negative");
            is_valid = false;
        }
    }
    is_valid.then_some(())
}

fn is_negative(value: &Value) -> bool {
    let number = value.as_f64();
    let number = number.or_else(|| value.as_str()?.trim().parse().ok());
    number.is_some_and(|number| number < 0.0)
}

/// A digest of a value that does not depend on the order of its fields.
fn digest(value: &Value) -> String {
    let digest = Sha256::digest(sorted(value).to_string());
    hex(&digest)
}

/// The value with sorted fields, whatever order this build of the parser keeps.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by_key(|(name, _)| *name);
            let fields = fields.into_iter();
            let sorted: Map<_, _> = fields
                .map(|(name, value)| (name.clone(), sorted(value)))
                .collect();
            Value::Object(sorted)
        }
        Value::Array(entries) => Value::Array(entries.iter().map(sorted).collect()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

/// An order in JSON. It may have any other fields of a sales order: they are passed on. Fields without a value may be empty,
/// 0 or false.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OutboundOrderBody)]
pub struct OutboundOrderRequestBody {
    /// The warehouse that it leaves.
    #[schema(value_type = WarehouseCode, example = "WH-1")]
    pub warehouse_id: String,
    /// The customer, as the OMS knows it.
    #[schema(value_type = FreeText, example = "C-1")]
    pub customer_id: String,
    /// Your number of the order. One number is one order.
    #[schema(value_type = SalesOrderNumber, example = "SO-1001")]
    pub so_number: String,
    /// Its type: a sale, a transfer or a return.
    pub order_type: Option<OutboundType>,
    /// The logistics provider's id of the delivery. It or `tracking_id` is mandatory.
    #[schema(value_type = Option<TrackingId>, example = "TRACK-1")]
    pub delivery_no: Option<String>,
    /// The same under another name; `delivery_no` counts if both are given.
    #[schema(value_type = Option<TrackingId>)]
    pub tracking_id: Option<String>,
    /// Always 1.
    #[schema(minimum = 1, maximum = 1)]
    pub order_identification_code: u8,
    /// The status of the order in your system.
    #[schema(value_type = FreeText, example = "NEW")]
    pub internal_order_status: String,
    /// The shop.
    #[schema(value_type = FreeText)]
    pub tenant_name: String,
    /// Who gets the goods.
    #[schema(value_type = FreeText)]
    pub consignee: String,
    /// Its phone number.
    #[schema(value_type = FreeText)]
    pub consignee_phone: String,
    /// Its e-mail address.
    #[schema(value_type = FreeText)]
    pub consignee_email: String,
    /// Where the goods go.
    #[schema(value_type = FreeText)]
    pub consignee_full_address: String,
    /// The state there.
    #[schema(value_type = FreeText)]
    pub consignee_state: String,
    /// The province there.
    #[schema(value_type = FreeText)]
    pub consignee_province: String,
    /// The city there.
    #[schema(value_type = FreeText)]
    pub consignee_city: String,
    /// The postal code there.
    #[schema(value_type = FreeText)]
    pub zipcode: String,
    /// The goods. Fields whose names contain `qty` or `quantity` must not be negative.
    #[schema(value_type = Option<Vec<Object>>, max_items = 500)]
    pub details: Option<Vec<Value>>,
}

#[cfg(test)]
mod tests;
