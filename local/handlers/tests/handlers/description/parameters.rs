//! The limit of parameters that have none of their own.

use utoipa::Modify;
use utoipa::openapi::schema::{Schema, SchemaType, Type};
use utoipa::openapi::{OpenApi, RefOr};

use super::operations_of;

/// Adds the limit.
pub(super) struct Parameters;

/// An HTTP API takes 10,240 bytes of request line and headers together.
const LONGEST: usize = 10_240;

impl Modify for Parameters {
    fn modify(&self, api: &mut OpenApi) {
        let operations = operations_of(&mut api.paths);
        let parameters = operations.flat_map(|operation| operation.parameters.iter_mut().flatten());
        for parameter in parameters {
            let RefOr::T(parameter) = parameter else {
                continue;
            };
            let Some(RefOr::T(Schema::Object(object))) = &mut parameter.schema else {
                continue;
            };
            let is_text = matches!(&object.schema_type, SchemaType::Type(Type::String));
            let is_limited = object.max_length.is_some()
                || object.enum_values.is_some()
                || object.format.is_some();
            if is_text && !is_limited {
                object.max_length = Some(LONGEST);
            }
        }
    }
}
