//! The limits of parameters that have none of their own, and of codes in a path: some codes cannot be a part of one.

use utoipa::Modify;
use utoipa::openapi::path::ParameterIn;
use utoipa::openapi::schema::{AllOfBuilder, ObjectBuilder, Schema, SchemaType, Type};
use utoipa::openapi::{OpenApi, RefOr};

use super::operations_of;

/// Adds the limits.
pub(super) struct Parameters;

/// A gateway decodes a path before it looks for its parts and its query.
const PART_OF_A_PATH: &str = "^[^/?%]+$";
/// Names of parts of paths whose type allows more.
const OF_ANY_SIGNS: [&str; 6] = [
    "channelOrderId",
    "messageId",
    "orderNumber",
    "returnOrderCode",
    "shipmentId",
    "token",
];

/// An HTTP API takes 10,240 bytes of request line and headers together.
const LONGEST_HEADER: usize = 10_240;
/// More than any cursor has. Of a part of an URL, each byte may take three.
const LONGEST_PART: usize = 2_048;

impl Modify for Parameters {
    fn modify(&self, api: &mut OpenApi) {
        let operations = operations_of(&mut api.paths);
        let parameters = operations.flat_map(|operation| operation.parameters.iter_mut().flatten());
        for parameter in parameters {
            let RefOr::T(parameter) = parameter else {
                continue;
            };
            let is_part = parameter.parameter_in == ParameterIn::Path
                && OF_ANY_SIGNS.contains(&parameter.name.as_str());
            let is_named = matches!(&parameter.schema, Some(RefOr::Ref(_)));
            if let Some(reference) = parameter.schema.take_if(|_| is_part && is_named) {
                let part = ObjectBuilder::new()
                    .schema_type(Type::String)
                    .pattern(Some(PART_OF_A_PATH));
                let both = AllOfBuilder::new().item(reference).item(part);
                parameter.schema = Some(Schema::AllOf(both.build()).into());
                continue;
            }
            let Some(RefOr::T(Schema::Object(object))) = &mut parameter.schema else {
                continue;
            };
            if is_part {
                object.pattern = Some(PART_OF_A_PATH.to_owned());
            }
            let is_text = matches!(&object.schema_type, SchemaType::Type(Type::String));
            let is_limited = object.max_length.is_some()
                || object.enum_values.is_some()
                || object.format.is_some();
            if is_text && !is_limited {
                let is_header = parameter.parameter_in == ParameterIn::Header;
                object.max_length = Some(if is_header {
                    LONGEST_HEADER
                } else {
                    LONGEST_PART
                });
            }
        }
    }
}
