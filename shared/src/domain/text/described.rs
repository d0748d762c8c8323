//! The schema of a text in the API's description.

use std::borrow::Cow;

use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use crate::domain::text::{Rule, Text};

impl<R: Rule> PartialSchema for Text<R> {
    fn schema() -> RefOr<Schema> {
        let shape = R::SHAPE;
        let mut words = shape.words.to_owned();
        if let Some(first) = words.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some(words + "."))
            .min_length(Some(1))
            .max_length(Some(shape.longest))
            .pattern(Some(shape.pattern))
            .into()
    }
}

impl<R: Rule> ToSchema for Text<R> {
    fn name() -> Cow<'static, str> {
        R::NAME.into()
    }
}
