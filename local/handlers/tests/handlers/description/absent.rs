//! An empty string in place of an optional value: read as absent, like null, whatever the type of the value.

use std::collections::BTreeSet;

use serde_json::Value;
use utoipa::Modify;
use utoipa::openapi::schema::{
    AnyOfBuilder, Object, ObjectBuilder, OneOfBuilder, Schema, SchemaType, Type,
};
use utoipa::openapi::{Components, OpenApi, RefOr};

/// Adds the empty string to null in the schemas of requests.
pub(super) struct Absent;

impl Modify for Absent {
    fn modify(&self, api: &mut OpenApi) {
        let requests = of_requests(&serde_json::to_value(&*api).unwrap());
        let components = api.components.as_mut().unwrap();
        let texts = texts(components);
        for name in requests {
            let Some(RefOr::T(schema)) = components.schemas.get_mut(&name) else {
                panic!("{name} is not described")
            };
            add_to(schema, &texts);
        }
    }
}

/// The names of all schemas that request bodies refer to.
fn of_requests(api: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for methods in api["paths"].as_object().unwrap().values() {
        for operation in methods.as_object().unwrap().values() {
            follow(api, &operation["requestBody"], &mut found);
        }
    }
    found
}

fn follow(api: &Value, value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            let name = fields.get("$ref").and_then(Value::as_str).map(name_of);
            if let Some(name) = name.filter(|name| found.insert(name.clone())) {
                follow(api, &api["components"]["schemas"][&name], found);
            }
            fields.values().for_each(|value| follow(api, value, found));
        }
        Value::Array(entries) => entries.iter().for_each(|value| follow(api, value, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn name_of(reference: &str) -> String {
    reference.rsplit('/').next().unwrap().to_owned()
}

/// The names of all schemas of single values: not of objects and lists, in whose place an empty string is invalid.
fn texts(components: &Components) -> BTreeSet<String> {
    let is_text = |schema: &RefOr<Schema>| match schema {
        RefOr::T(Schema::Object(object)) => SINGLE.iter().any(|single| is_of(object, single)),
        RefOr::T(_) | RefOr::Ref(_) => false,
    };
    let texts = components
        .schemas
        .iter()
        .filter(|(_, schema)| is_text(schema));
    texts.map(|(name, _)| name.clone()).collect()
}

/// The types of single values.
const SINGLE: [Type; 4] = [Type::String, Type::Integer, Type::Number, Type::Boolean];

fn is_of(object: &Object, schema_type: &Type) -> bool {
    matches!(&object.schema_type, SchemaType::Type(found) if found == schema_type)
}

fn add_to(schema: &mut Schema, texts: &BTreeSet<String>) {
    if let Schema::Object(object) = schema {
        let properties = object.properties.values_mut();
        inline(properties).for_each(|property| allow_empty(property, texts));
    } else if let Schema::AllOf(parts) = schema {
        inline(parts.items.iter_mut()).for_each(|part| add_to(part, texts));
    }
}

/// The schemas that are not references.
fn inline<'a>(
    schemas: impl Iterator<Item = &'a mut RefOr<Schema>>,
) -> impl Iterator<Item = &'a mut Schema> {
    schemas.filter_map(|schema| match schema {
        RefOr::T(schema) => Some(schema),
        RefOr::Ref(_) => None,
    })
}

/// Allows an empty string for a single value or null.
fn allow_empty(property: &mut Schema, texts: &BTreeSet<String>) {
    if let Schema::Object(object) = property
        && let Some(choices) = with_empty(object)
    {
        *property = choices;
    }
    let Schema::OneOf(choices) = property else {
        return;
    };
    let is_text = choices.items.iter().any(|choice| {
        matches!(choice, RefOr::Ref(reference) if texts.contains(&name_of(&reference.ref_location)))
    });
    let mut choices = choices.items.iter_mut();
    let null = choices.find(
        |choice| matches!(choice, RefOr::T(Schema::Object(object)) if is_of(object, &Type::Null)),
    );
    if let Some(null) = null.filter(|_| is_text) {
        *null = absent();
    }
}

/// The choice between a nullable value that an empty string does not fit, and nothing.
fn with_empty(object: &Object) -> Option<Schema> {
    let SchemaType::Array(types) = &object.schema_type else {
        return None;
    };
    let [one, other] = &types[..] else {
        return None;
    };
    let single = [one, other]
        .into_iter()
        .find(|found| **found != Type::Null)?;
    let is_nullable = [one, other].contains(&&Type::Null);
    let fits = *single == Type::String && object.format.is_none();
    if fits || !is_nullable || !SINGLE.contains(single) {
        return None;
    }
    let mut value = object.clone();
    value.schema_type = SchemaType::Type(single.clone());
    let description = value.description.take();
    let value = Schema::Object(value);
    if *single == Type::String {
        return Some(or_absent_text(value, description));
    }
    let choices = OneOfBuilder::new()
        .description(description)
        .item(absent())
        .item(value);
    Some(Schema::OneOf(choices.build()))
}

/// A format is only a hint unless a reader asserts it: without that, an empty string fits both choices.
fn or_absent_text(value: Schema, description: Option<String>) -> Schema {
    let choices = AnyOfBuilder::new()
        .description(description)
        .item(absent())
        .item(value);
    Schema::AnyOf(choices.build())
}

/// An empty string, or null.
fn absent() -> RefOr<Schema> {
    let absent = ObjectBuilder::new()
        .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
        .enum_values(Some([None, Some("")]));
    absent.into()
}
