//! Request bodies with conditions between their fields: their schemas for the API's description.

use serde_json::{Value, json};
use utoipa::openapi::schema::{
    AllOfBuilder, AnyOfBuilder, ArrayBuilder, Object, ObjectBuilder, OneOfBuilder, Schema,
    SchemaType, Type,
};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

use crate::contract::processing::ReturnProcessingBody;
use crate::contract::push::PushBody;
use crate::contract::settlement::SettlementBody;
use crate::contract::shipment::body::ShipmentBody;

/// The body of a request for a label or an order.
#[derive(Debug)]
pub struct LabelRequest;

impl PartialSchema for LabelRequest {
    fn schema() -> RefOr<Schema> {
        with::<ShipmentBody<'_>>(of_type("FORWARD").into())
    }
}

impl ToSchema for LabelRequest {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        add::<ShipmentBody<'_>>(schemas);
    }
}

/// The body of a request for a return AWB.
#[derive(Debug)]
pub struct ReturnAwbRequest;

impl PartialSchema for ReturnAwbRequest {
    fn schema() -> RefOr<Schema> {
        let mut condition = of_type("RETURN");
        condition.required.push("returnReason".to_owned());
        let reason = given();
        condition
            .properties
            .insert("returnReason".to_owned(), reason.into());
        with::<ShipmentBody<'_>>(condition.into())
    }
}

impl ToSchema for ReturnAwbRequest {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        add::<ShipmentBody<'_>>(schemas);
    }
}

/// What an operator found at the aggregator: a booking, or nothing.
#[derive(Debug)]
pub struct SettlementRequest;

impl PartialSchema for SettlementRequest {
    fn schema() -> RefOr<Schema> {
        let found = ObjectBuilder::new()
            .property("awb", given())
            .required("awb")
            .property("none", flag([json!(false), json!(null), json!("")]));
        let nothing = ObjectBuilder::new()
            .property("awb", of(Type::Null))
            .required("none")
            .property("none", flag([json!(true)]));
        with::<SettlementBody>(AnyOfBuilder::new().item(found).item(nothing).into())
    }
}

impl ToSchema for SettlementRequest {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        add::<SettlementBody>(schemas);
    }
}

/// A push about a forward order, or about a return order with `returnOrderInfo`.
#[derive(Debug)]
pub struct PushRequest;

impl PartialSchema for PushRequest {
    fn schema() -> RefOr<Schema> {
        let forward = ObjectBuilder::new()
            .property("shipmentType", word("FORWARD"))
            .required("shipmentType")
            .property("returnOrderInfo", of(Type::Null));
        let returned = ObjectBuilder::new()
            .property("shipmentType", word("RETURN"))
            .required("shipmentType")
            .property("returnOrderInfo", of(Type::Object))
            .required("returnOrderInfo");
        with::<PushBody>(OneOfBuilder::new().item(forward).item(returned).into())
    }
}

impl ToSchema for PushRequest {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        add::<PushBody>(schemas);
    }
}

/// The results of a return order that the path names.
#[derive(Debug)]
pub struct ReturnProcessingRequest;

impl PartialSchema for ReturnProcessingRequest {
    fn schema() -> RefOr<Schema> {
        with::<ReturnProcessingBody>(results().into())
    }
}

impl ToSchema for ReturnProcessingRequest {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        add::<ReturnProcessingBody>(schemas);
    }
}

/// The results of a return order that the body names.
#[derive(Debug)]
pub struct NamedReturnProcessingRequest;

impl PartialSchema for NamedReturnProcessingRequest {
    fn schema() -> RefOr<Schema> {
        let mut condition = results();
        condition.required.push("returnOrderCode".to_owned());
        let code = given();
        condition
            .properties
            .insert("returnOrderCode".to_owned(), code.into());
        with::<ReturnProcessingBody>(condition.into())
    }
}

impl ToSchema for NamedReturnProcessingRequest {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        add::<ReturnProcessingBody>(schemas);
    }
}

/// Pieces that failed, with a reason, and others that passed, without a reason and pictures.
fn results() -> Object {
    let failed = ObjectBuilder::new()
        .property("qcStatus", word("FAIL"))
        .required("qcStatus")
        .property("qcReason", given())
        .required("qcReason");
    let no_text = ObjectBuilder::new()
        .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
        .max_length(Some(0));
    let mut no_pictures = ArrayBuilder::new().max_items(Some(0)).build();
    no_pictures.schema_type = SchemaType::from_iter([Type::Array, Type::Null]);
    let passed = ObjectBuilder::new()
        .property("qcStatus", word("PASS"))
        .required("qcStatus")
        .property("qcReason", no_text)
        .property("imageUrls", no_pictures);
    let results = OneOfBuilder::new().item(failed).item(passed);
    let pieces = ArrayBuilder::new().items(results);
    ObjectBuilder::new().property("orderItems", pieces).build()
}

/// A described type with a condition.
pub(crate) fn with<T: ToSchema>(condition: Schema) -> RefOr<Schema> {
    AllOfBuilder::new()
        .item(Ref::from_schema_name(T::name()))
        .item(condition)
        .into()
}

/// Adds a described type and those that it refers to.
pub(crate) fn add<T: ToSchema>(schemas: &mut Vec<(String, RefOr<Schema>)>) {
    schemas.push((T::name().into_owned(), T::schema()));
    T::schemas(schemas);
}

/// A shipment of this type.
fn of_type(shipment_type: &str) -> Object {
    let order = ObjectBuilder::new().property("shipmentType", word(shipment_type));
    ObjectBuilder::new().property("orderDetails", order).build()
}

/// A text that must be this word.
pub(crate) fn word(word: &str) -> Object {
    one_of_words(&[word])
}

/// One of these words.
pub(crate) fn one_of_words(words: &[&str]) -> Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(words.iter().copied()))
        .build()
}

fn flag<const N: usize>(values: [Value; N]) -> Object {
    ObjectBuilder::new()
        .schema_type(SchemaType::AnyValue)
        .enum_values(Some(values))
        .build()
}

/// A string that is not empty.
pub(crate) fn given() -> Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(1))
        .build()
}

/// A value of this type.
pub(crate) fn of(schema_type: Type) -> Object {
    ObjectBuilder::new()
        .schema_type(SchemaType::new(schema_type))
        .build()
}
