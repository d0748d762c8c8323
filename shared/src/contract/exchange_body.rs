//! The body of a request for an exchange: its schema for the API's description. Its halves are described by what a label
//! and a return AWB need, without the fields that belong to the whole exchange.

use utoipa::openapi::schema::{Object, Schema, Type};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

use crate::contract::described_requests::{of, word};
use crate::contract::described_values::FreeText;
use crate::contract::shipment::body::{OrderDetailsBody, ShipmentBody};
use crate::domain::text::{AccountAlias, OrderNumber};

/// A replacement for a customer, and the return of the article that it replaces.
#[derive(Debug, ToSchema)]
#[schema(as = ExchangeRequest, rename_all = "camelCase")]
pub struct ExchangeRequestBody {
    /// Your number of the order with the replacement. It is the order number of `forward`.
    pub exchange_order_number: OrderNumber,
    /// Your number of the return. It is the order number of `return`.
    pub return_order_code: OrderNumber,
    /// The account of both; optional if only one of yours makes exchanges.
    pub logistic_account_alias: Option<AccountAlias>,
    /// The replacement, as in a request for a label.
    pub forward: ExchangeForward,
    /// The article that comes back, as in a request for a return AWB.
    #[schema(rename = "return")]
    pub returned: ExchangeReturn,
}

/// The replacement.
#[derive(Debug)]
pub struct ExchangeForward;

/// The return.
#[derive(Debug)]
pub struct ExchangeReturn;

/// The order of a replacement.
#[derive(Debug)]
pub struct ExchangeForwardOrder;

/// The order of a return.
#[derive(Debug)]
pub struct ExchangeReturnOrder;

impl PartialSchema for ExchangeForward {
    fn schema() -> RefOr<Schema> {
        let mut half = half::<ExchangeForwardOrder>();
        half.properties.remove("returnReason");
        half.into()
    }
}

impl ToSchema for ExchangeForward {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        add_half::<ExchangeForwardOrder>(schemas);
    }
}

impl PartialSchema for ExchangeReturn {
    fn schema() -> RefOr<Schema> {
        let mut half = half::<ExchangeReturnOrder>();
        let reason = Ref::from_schema_name(FreeText::name());
        half.properties
            .insert("returnReason".to_owned(), reason.into());
        half.required.push("returnReason".to_owned());
        half.into()
    }
}

impl ToSchema for ExchangeReturn {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        add_half::<ExchangeReturnOrder>(schemas);
    }
}

impl PartialSchema for ExchangeForwardOrder {
    fn schema() -> RefOr<Schema> {
        order("FORWARD")
    }
}

impl ToSchema for ExchangeForwardOrder {}

impl PartialSchema for ExchangeReturnOrder {
    fn schema() -> RefOr<Schema> {
        order("RETURN")
    }
}

impl ToSchema for ExchangeReturnOrder {}

/// A shipment without the fields that belong to the whole exchange.
fn half<Order: ToSchema>() -> Object {
    let mut half = object::<ShipmentBody<'_>>();
    let alias = absent("Leave it out: both halves have the account of the exchange.");
    let code = absent("Leave it out: an exchange has one parcel each way.");
    half.properties
        .insert("logisticAccountAlias".to_owned(), alias);
    half.properties.insert("shipmentCode".to_owned(), code);
    let order = Ref::from_schema_name(Order::name());
    half.properties
        .insert("orderDetails".to_owned(), order.into());
    half.description = None;
    half
}

fn add_half<Order: ToSchema>(schemas: &mut Vec<(String, RefOr<Schema>)>) {
    schemas.push((Order::name().into_owned(), Order::schema()));
    ShipmentBody::schemas(schemas);
}

/// An order of this type.
fn order(shipment_type: &str) -> RefOr<Schema> {
    let mut order = object::<OrderDetailsBody<'_>>();
    let number = absent("Leave it out: the exchange says it.");
    order.properties.insert("orderNumber".to_owned(), number);
    order.required.retain(|name| name != "orderNumber");
    let shipment_type = word(shipment_type);
    order
        .properties
        .insert("shipmentType".to_owned(), shipment_type.into());
    order.description = None;
    order.into()
}

/// A field that belongs to the whole exchange. Its own value may be repeated, which a schema cannot say.
fn absent(why: &str) -> RefOr<Schema> {
    let mut absent = of(Type::Null);
    absent.description = Some(why.to_owned());
    absent.into()
}

/// The schema of a struct.
fn object<T: PartialSchema>() -> Object {
    match T::schema() {
        RefOr::T(Schema::Object(object)) => object,
        RefOr::T(_) | RefOr::Ref(_) => Object::default(),
    }
}
