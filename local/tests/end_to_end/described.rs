//! Every answer that a test gets is compared with the description of the API: its status, its headers, the type of its body
//! and the body itself.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, Mutex};

use jsonschema::Validator;
use reqwest::Request;
use serde_json::{Value, json};

use crate::answer::Answer;

static API: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../../openapi.json")).unwrap());

/// The validators of the bodies that were met, by the pointer to their schema.
static VALIDATORS: Mutex<BTreeMap<String, Arc<Validator>>> = Mutex::new(BTreeMap::new());

/// Headers of the transport.
const OF_TRANSPORT: [&str; 5] = [
    "apigw-requestid",
    "connection",
    "content-length",
    "content-type",
    "date",
];

/// Asserts that an answer is described. Those of the gateway itself, and those to paths and methods that do not exist, are not.
pub(crate) fn hold(request: &Request, answer: &Answer) {
    let is_ours =
        answer.header("apigw-requestid").is_some() && answer.header("x-request-id").is_some();
    let Some(operation) = operation(request).filter(|_| is_ours) else {
        return;
    };
    let place = format!("{} {}", request.method(), request.url().path());
    let pointer = format!("{operation}/responses/{}", answer.status);
    let Some(response) = API.pointer(&pointer) else {
        panic!("{place}: the status {} is not described", answer.status)
    };
    for name in answer
        .headers
        .keys()
        .map(reqwest::header::HeaderName::as_str)
    {
        let mut described = response["headers"].as_object().unwrap().keys();
        assert!(
            OF_TRANSPORT.contains(&name) || described.any(|known| known.eq_ignore_ascii_case(name)),
            "{place}: {} has {name}, which is not described",
            answer.status
        );
    }
    hold_body(&place, &pointer, answer);
}

fn hold_body(place: &str, pointer: &str, answer: &Answer) {
    let content_type = answer.header("content-type").unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default();
    if answer.body.is_empty() {
        return;
    }
    let pointer = format!("{pointer}/content/{}", escaped(essence));
    assert!(
        API.pointer(&pointer).is_some(),
        "{place}: {} has {essence}, which is not described",
        answer.status
    );
    if !essence.ends_with("json") {
        return;
    }
    let body = answer.json();
    let validator = validator(&pointer);
    let errors: Vec<_> = validator
        .iter_errors(&body)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(
        errors.is_empty(),
        "{place}: {} {body}: {errors:#?}",
        answer.status
    );
}

fn validator(content: &str) -> Arc<Validator> {
    let mut validators = VALIDATORS
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    let built = || {
        let mut schema = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "components": API["components"],
        });
        let of_body = API.pointer(content).unwrap()["schema"]
            .as_object()
            .unwrap()
            .clone();
        schema.as_object_mut().unwrap().extend(of_body);
        Arc::new(jsonschema::validator_for(&schema).unwrap())
    };
    validators
        .entry(content.to_owned())
        .or_insert_with(built)
        .clone()
}

/// The pointer to the operation of a request: of the path with the fewest parameters that matches.
fn operation(request: &Request) -> Option<String> {
    let paths = API["paths"].as_object().unwrap().keys();
    let matching = paths.filter(|path| matches(path, request.url().path()));
    let path = matching.min_by_key(|path| path.matches('{').count())?;
    let method = request.method().as_str().to_lowercase();
    let pointer = format!("/paths/{}/{method}", escaped(path));
    API.pointer(&pointer).map(|_| pointer.clone())
}

fn matches(described: &str, path: &str) -> bool {
    let is_same = |(described, part): (&str, &str)| described == part || described.starts_with('{');
    described.split('/').count() == path.split('/').count()
        && described.split('/').zip(path.split('/')).all(is_same)
}

/// A name as a token of a JSON pointer.
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}
