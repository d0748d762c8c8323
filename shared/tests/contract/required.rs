//! The published description and the readers agree on what is mandatory.

use logistics::edge::description::Description;
use serde_json::{Map, Value, json};
use utoipa::OpenApi;

use crate::reading::{Read, label, push, return_awb, route, settle, wrong};

/// The schemas that the description publishes.
fn schemas() -> Value {
    let description = serde_json::to_value(Description::openapi()).unwrap();
    description["components"]["schemas"].clone()
}

/// The pointers of the fields that a schema marks required.
fn required(schema: &Value, within: &str) -> Vec<String> {
    let names = schema.get("required").and_then(Value::as_array);
    let mut pointers: Vec<_> = names
        .into_iter()
        .flatten()
        .map(|name| format!("{within}/{}", name.as_str().unwrap()))
        .collect();
    pointers.sort();
    pointers
}

/// The object schema that a property leads to, if it leads to one, and whether there is a list between.
fn inner<'a>(schemas: &'a Value, property: &Value) -> Option<(&'a Value, bool)> {
    let named = |schema: &Value| {
        let name = schema.get("$ref")?.as_str()?.rsplit('/').next()?.to_owned();
        schemas.get(name)?.get("properties").map(|_| ())?;
        let name = schema.get("$ref")?.as_str()?.rsplit('/').next()?;
        schemas.get(name)
    };
    let choices = property.get("oneOf").and_then(Value::as_array);
    let mut single = std::iter::once(property).chain(choices.into_iter().flatten());
    if let Some(schema) = single.find_map(named) {
        return Some((schema, false));
    }
    property
        .get("items")
        .and_then(named)
        .map(|schema| (schema, true))
}

/// Gives the reader an empty object in every place where the schema has an object, and compares what it misses.
fn agree<T>(schema: &str, base: &Value, conditional: &[&str], read: fn(&[u8]) -> Read<T>) {
    let schemas = schemas();
    let missing = |body: &Value| {
        let mut wrong = wrong(read(&serde_json::to_vec(body).unwrap()));
        wrong.retain(|pointer| !conditional.contains(&pointer.as_str()));
        wrong
    };
    let mut places: Vec<(Vec<String>, &Value)> = vec![(Vec::new(), &schemas[schema])];
    while let Some((path, schema)) = places.pop() {
        let pointer: String = path.iter().flat_map(|step| ["/", step.as_str()]).collect();
        let body = nested(base, &path);
        let mut found = missing(&body);
        found.retain(|found| {
            found
                .strip_prefix(&pointer)
                .is_some_and(|rest| rest.matches('/').count() == 1)
        });
        assert_eq!(found, required(schema, &pointer), "at {pointer:?}");
        for (name, property) in schema["properties"].as_object().unwrap() {
            if let Some((inner, is_list)) = inner(&schemas, property) {
                let mut path = path.clone();
                path.push(name.clone());
                path.extend(is_list.then(|| "0".to_owned()));
                places.push((path, inner));
            }
        }
    }
}

/// `base` with an empty object at the path.
fn nested(base: &Value, path: &[String]) -> Value {
    let inner = path.iter().rev().fold(json!({}), |inner, step| {
        if step == "0" {
            json!([inner])
        } else {
            Value::Object(Map::from_iter([(step.clone(), inner)]))
        }
    });
    let mut body = base.clone();
    let fields = body.as_object_mut().unwrap();
    fields.extend(inner.as_object().unwrap().clone());
    body
}

#[test]
fn a_label_misses_exactly_what_is_described_as_required() {
    agree("ShipmentBody", &json!({}), &[], label);
}

#[test]
fn a_return_awb_misses_that_and_its_reason() {
    assert!(wrong(return_awb(b"{}")).contains(&"/returnReason".to_owned()));
    agree("ShipmentBody", &json!({}), &["/returnReason"], return_awb);
}

#[test]
fn a_recommendation_misses_exactly_what_is_described_as_required() {
    agree("CourierRecommendationRequest", &json!({}), &[], route);
}

#[test]
fn a_push_misses_exactly_what_is_described_as_required() {
    agree("NotificationPush", &json!({}), &[], push);
}

#[test]
fn a_settlement_misses_exactly_what_is_described_as_required_and_an_awb_unless_there_is_none() {
    agree("Settlement", &json!({"none": true}), &[], settle);
    assert_eq!(wrong(settle(b"{}")), ["/awb", "/orderNumber"]);
}
