//! What the service refuses, the published schema of the body refuses too.
//!
//! Each sample has every field that its schema describes. Each place of a sample is changed to many values, at and beyond
//! the limits; the reader of the route and the schema judge the same body. What a schema cannot say is listed with its
//! reason in [`beyond`].

mod beyond;
mod changes;
mod readers;
mod samples;

use std::collections::{BTreeMap, BTreeSet};

use jsonschema::Validator;
use logistics::domain::message::MessageKind;
use logistics::domain::text::{OrderNumber, has_invisible};
use serde_json::{Value, json};
use utoipa::OpenApi as _;

use crate::description::{Description, webhooks};
use beyond::BEYOND_A_SCHEMA;
use changes::changes;
use readers::{Reader, readers};

/// Whether a sample's value is a single one. An empty string in its place is read as absent, as null is, if it is optional.
fn is_single(value: Option<&Value>) -> bool {
    value.is_some_and(|value| value.is_string() || value.is_number() || value.is_boolean())
}

fn schemas() -> Value {
    let description = serde_json::to_value(Description::openapi()).unwrap();
    json!({ "schemas": description["components"]["schemas"] })
}

fn validator(components: &Value, name: &str) -> Validator {
    let options = jsonschema::options().should_validate_formats(true);
    options.build(&schema_of(components, name)).unwrap()
}

fn schema_of(components: &Value, name: &str) -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$ref": format!("#/components/schemas/{name}"),
        "components": components,
    })
}

#[test]
fn the_schema_of_each_request_refuses_what_the_service_refuses() {
    let components = schemas();
    let mut differences = Vec::new();
    let mut used = BTreeSet::new();
    for reader in readers() {
        let Reader { schema, sample, .. } = &reader;
        let refuses = |body: &Value| reader.refuses(body);
        let validator = validator(&components, schema);
        let errors: Vec<_> = validator
            .iter_errors(sample)
            .map(|error| error.to_string())
            .collect();
        assert!(
            errors.is_empty() && !refuses(sample),
            "{schema}: {errors:?}"
        );
        for change in changes(sample) {
            let (is_refused, is_valid) = (refuses(&change.body), validator.is_valid(&change.body));
            let is_absent = change.value == Some(json!(null))
                || change.value == Some(json!("")) && is_single(sample.pointer(&change.pointer));
            if is_absent && !is_refused && !is_valid {
                differences.push(format!("{schema} refuses {change}"));
            }
            if !is_refused || !is_valid {
                continue;
            }
            let beyond = BEYOND_A_SCHEMA.iter().position(|(end, holds, _)| {
                let value = change.value.as_ref().unwrap_or(&Value::Null);
                change.pointer.ends_with(end) && holds(value)
            });
            match beyond {
                Some(reason) => {
                    used.insert(reason);
                }
                None => differences.push(format!("{schema} {change}")),
            }
        }
    }
    assert!(
        differences.is_empty(),
        "{}\n{}",
        differences.len(),
        differences.join("\n")
    );
    let unused: Vec<_> = (0..BEYOND_A_SCHEMA.len())
        .filter(|reason| !used.contains(reason))
        .collect();
    assert!(
        unused.is_empty(),
        "these exceptions are needed no more: {unused:?}"
    );
}

/// The samples of all requests, the first one of each, by the names of their schemas.
pub(crate) fn samples_by_schema() -> BTreeMap<String, Value> {
    let mut samples = BTreeMap::new();
    for Reader { schema, sample, .. } in readers() {
        samples.entry(schema.to_owned()).or_insert(sample);
    }
    samples
}

#[test]
fn every_request_has_a_valid_example() {
    let description = serde_json::to_value(Description::openapi()).unwrap();
    for methods in description["paths"].as_object().unwrap().values() {
        for operation in methods.as_object().unwrap().values() {
            let content = &operation["requestBody"]["content"]["application/json"];
            if content.is_object() {
                assert_valid(&description, content, &operation["operationId"]);
            }
        }
    }
}

#[test]
fn the_webhook_of_each_kind_has_the_sample_that_a_test_sends() {
    let description = serde_json::to_value(Description::openapi()).unwrap();
    let webhooks = description["webhooks"].as_object().unwrap();
    assert_eq!(webhooks.len(), MessageKind::all().count());
    for kind in MessageKind::all() {
        let operation = &webhooks[kind.word()]["post"];
        let content = &operation["requestBody"]["content"]["application/json"];
        assert_valid(&description, content, &operation["operationId"]);
        assert_eq!(content["example"], webhooks::sample(kind));
    }
}

/// Asserts that the example of a content is valid by its schema.
fn assert_valid(description: &Value, content: &Value, operation: &Value) {
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "components": description["components"],
    });
    let of_body = content["schema"].as_object().unwrap().clone();
    schema.as_object_mut().unwrap().extend(of_body);
    let options = jsonschema::options().should_validate_formats(true);
    let validator = options.build(&schema).unwrap();
    let example = content
        .get("example")
        .unwrap_or_else(|| panic!("{operation} has no example"));
    let errors: Vec<_> = validator
        .iter_errors(example)
        .map(|error| format!("{} {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{operation}: {errors:?}");
}

/// Objects whose names are the caller's, by the end of their pointers.
const OF_ANY_NAMES: [&str; 2] = ["/headers", "/details/0"];

#[test]
fn a_described_field_is_never_ignored_and_any_other_is_named() {
    let forwarded = ["PushRequest", "GoodsIssue", "WarehouseStatus"];
    let mut wrong = Vec::new();
    for reader in readers() {
        let Reader { schema, sample, .. } = &reader;
        let ignored = (reader.read)(sample);
        if ignored != Some(vec![]) {
            wrong.push(format!("{schema} as described: {ignored:?}"));
        }
        if forwarded.contains(schema) {
            continue;
        }
        for place in objects(sample) {
            let mut body = sample.clone();
            body.pointer_mut(&place).unwrap()["zzz"] = json!("1");
            let is_open = OF_ANY_NAMES.iter().any(|end| place.ends_with(end));
            // The fields of an account are a closed set.
            let ignored = (reader.read)(&body).filter(|_| !is_open);
            if ignored.is_some_and(|ignored| ignored != [format!("{place}/zzz")]) {
                wrong.push(format!("{schema} with zzz at {place:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The pointers of all objects in a value.
fn objects(value: &Value) -> Vec<String> {
    let below = |(name, inner): (String, &Value)| -> Vec<String> {
        let places = objects(inner).into_iter();
        places.map(|place| format!("/{name}{place}")).collect()
    };
    match value {
        Value::Object(fields) => {
            let named = fields.iter().map(|(name, inner)| (name.clone(), inner));
            std::iter::once(String::new())
                .chain(named.flat_map(below))
                .collect()
        }
        Value::Array(entries) => {
            let placed = entries.iter().enumerate();
            placed
                .flat_map(|(place, inner)| below((place.to_string(), inner)))
                .collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}

#[test]
fn a_shown_object_can_be_sent_back_without_warnings() {
    let components = schemas();
    for (shown, request) in [
        ("LogisticAccount", "LogisticAccountConfiguration"),
        ("ChannelAccount", "ChannelAccountConfiguration"),
        ("WebhookEndpoint", "WebhookEndpointConfiguration"),
    ] {
        let mut readers = readers().into_iter();
        let reader = readers.find(|reader| reader.schema == request).unwrap();
        let mut body = reader.sample.clone();
        let fields = components["schemas"][shown]["properties"].as_object();
        for name in fields.unwrap().keys() {
            body.as_object_mut()
                .unwrap()
                .entry(name)
                .or_insert(json!(null));
        }
        assert_eq!((reader.read)(&body), Some(vec![]), "{shown}");
    }
}

#[test]
fn each_described_request_has_a_sample_with_all_its_fields() {
    let description = serde_json::to_value(Description::openapi()).unwrap();
    let mut described = BTreeSet::new();
    for methods in description["paths"].as_object().unwrap().values() {
        for operation in methods.as_object().unwrap().values() {
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            // A body that may be a list too has the schema of an entry first.
            let entry = schema.pointer("/oneOf/0").unwrap_or(schema);
            described.extend(entry["$ref"].as_str().map(name_of));
        }
    }
    let sampled: BTreeSet<_> = readers()
        .iter()
        .map(|reader| reader.schema.to_owned())
        .collect();
    assert_eq!(sampled, described);
    let components = schemas();
    for reader in readers() {
        let schema = json!({ "$ref": format!("#/components/schemas/{}", reader.schema) });
        let of_request: Vec<_> = readers()
            .into_iter()
            .filter(|other| other.schema == reader.schema)
            .collect();
        let bodies: Vec<_> = of_request.iter().map(|reader| &reader.sample).collect();
        assert_complete(&components, &schema, &bodies, reader.schema);
    }
}

fn name_of(reference: &str) -> String {
    reference.rsplit('/').next().unwrap().to_owned()
}

/// Asserts that at least one of the values has each described field.
fn assert_complete(components: &Value, schema: &Value, values: &[&Value], place: &str) {
    if let Some(reference) = schema["$ref"].as_str() {
        let schema = &components["schemas"][name_of(reference)];
        return assert_complete(components, schema, values, place);
    }
    for part in ["allOf", "oneOf"] {
        for part in schema[part].as_array().into_iter().flatten() {
            assert_complete(components, part, values, place);
        }
    }
    if schema["items"].is_object() {
        let entries: Vec<_> = values
            .iter()
            .filter_map(|value| value.as_array())
            .flatten()
            .collect();
        assert_complete(
            components,
            &schema["items"],
            &entries,
            &format!("{place}/0"),
        );
    }
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        let of_property: Vec<_> = values.iter().filter_map(|value| value.get(name)).collect();
        let is_null_here = property["type"] == "null";
        assert!(
            !of_property.is_empty() || is_null_here,
            "no sample has {place}/{name}"
        );
        assert_complete(
            components,
            property,
            &of_property,
            &format!("{place}/{name}"),
        );
    }
}

#[test]
fn the_documented_requests_are_valid_by_their_schemas() {
    let components = schemas();
    for (schema, example) in [
        (
            "LabelRequest",
            include_str!("../../../../docs/examples/label.json"),
        ),
        (
            "LabelRequest",
            include_str!("../../../../docs/examples/native-label.json"),
        ),
        (
            "LabelRequest",
            include_str!("../../../../docs/examples/shipper-label.json"),
        ),
        (
            "ReturnAwbRequest",
            include_str!("../../../../docs/examples/return-awb.json"),
        ),
        (
            "ReturnAwbRequest",
            include_str!("../../../../docs/examples/native-return-awb.json"),
        ),
        (
            "CourierRecommendationRequest",
            include_str!("../../../../docs/examples/couriers.json"),
        ),
        (
            "CourierRecommendationRequest",
            include_str!("../../../../docs/examples/native-couriers.json"),
        ),
        (
            "PushRequest",
            include_str!("../../../../docs/examples/push.json"),
        ),
    ] {
        let example = serde_json::from_str(example).unwrap();
        let validator = validator(&components, schema);
        let errors: Vec<_> = validator
            .iter_errors(&example)
            .map(|error| error.to_string())
            .collect();
        assert!(errors.is_empty(), "{schema}: {errors:?}");
    }
}

#[test]
fn the_pattern_of_an_id_allows_what_the_service_allows() {
    let validator = validator(&schemas(), "OrderNumber");
    for code in 0..=0xffff_u32 {
        let Some(character) = char::from_u32(code) else {
            continue;
        };
        for text in [
            format!("{character}"),
            format!("{character}a"),
            format!("a{character}"),
            format!("a{character}a"),
        ] {
            let is_allowed = !has_invisible(&text) && text.parse::<OrderNumber>().is_ok();
            assert_eq!(validator.is_valid(&json!(text)), is_allowed, "{code:x}");
        }
    }
}

/// By JSON Schema, a format is a hint that a validator need not assert.
#[test]
fn an_empty_string_is_read_as_absent_by_those_who_assert_no_formats() {
    let options = jsonschema::options().should_validate_formats(false);
    let schema = schema_of(&schemas(), "ApiKeyRequest");
    let validator = options.build(&schema).unwrap();
    for nothing in [json!(""), json!(null)] {
        let body = json!({ "label": "oms", "scopes": ["shipping"], "expiresAt": nothing });
        assert!(validator.is_valid(&body), "{body}");
    }
}
