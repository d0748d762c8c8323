//! The bodies of the fulfilment routes with conditions between their fields: their schemas for the API's description.

use utoipa::openapi::schema::{AnyOfBuilder, ArrayBuilder, ObjectBuilder, OneOfBuilder, Schema};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

use crate::contract::described_requests::{add, given, with};
use crate::contract::fulfilling::outbound_order::{MOST_ORDERS, OutboundOrderRequestBody};

/// An outbound order, with at least one of the names of its tracking id.
#[derive(Debug)]
pub struct OutboundOrderRequest;

impl PartialSchema for OutboundOrderRequest {
    fn schema() -> RefOr<Schema> {
        let tracked_by = |name: &str| ObjectBuilder::new().property(name, given()).required(name);
        let condition = AnyOfBuilder::new()
            .item(tracked_by("delivery_no"))
            .item(tracked_by("tracking_id"));
        with::<OutboundOrderRequestBody>(condition.into())
    }
}

impl ToSchema for OutboundOrderRequest {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        add::<OutboundOrderRequestBody>(schemas);
    }
}

/// An outbound order, or a list of 1 to 100.
#[derive(Debug)]
pub struct OutboundOrdersRequest;

impl PartialSchema for OutboundOrdersRequest {
    fn schema() -> RefOr<Schema> {
        let order = || Ref::from_schema_name(OutboundOrderRequest::name());
        let list = ArrayBuilder::new()
            .items(order())
            .min_items(Some(1))
            .max_items(Some(MOST_ORDERS));
        OneOfBuilder::new().item(order()).item(list).into()
    }
}

impl ToSchema for OutboundOrdersRequest {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        add::<OutboundOrderRequest>(schemas);
    }
}
