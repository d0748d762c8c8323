//! Every answer that a test gets is compared with the description of the API: its status, its headers, the type of its body
//! and the body itself; of a problem, whether its kind is among those of the status. If `LOCAL_ANSWERS` names a file, the answers
//! are written there: `local/api-description/answers` makes the description's examples of them.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use jsonschema::Validator;
use reqwest::Request;
use serde_json::{Value, json};

use crate::answer::Answer;

static API: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../../openapi.json")).unwrap());

/// The validators of the bodies that were met, by the pointer to their schema.
static VALIDATORS: Mutex<BTreeMap<String, Arc<Validator>>> = Mutex::new(BTreeMap::new());

/// The file of answers is written by one test at a time.
static WRITING: Mutex<()> = Mutex::new(());

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
    let recorded = local::answers();
    if let Some(file) = &recorded {
        record(file, request, &operation, answer);
    }
    hold_body(&place, &pointer, answer, recorded.is_none());
}

/// Adds an answer to the file.
fn record(file: &Path, request: &Request, operation: &str, answer: &Answer) {
    let Ok(body) = serde_json::from_slice::<Value>(&answer.body) else {
        return;
    };
    let _alone = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    let (path, _) = operation
        .trim_start_matches("/paths/")
        .rsplit_once('/')
        .unwrap();
    let path = path.replace("~1", "/").replace("~0", "~");
    let line = json!({
        "route": format!("{} {path}", request.method()),
        "status": answer.status,
        "body": body,
    });
    let mut file = OpenOptions::new()
        .create(true)
        .append(true)
        .open(file)
        .unwrap();
    writeln!(file, "{line}").unwrap();
}

/// Asserts that the kind of a problem is one of those that the status has there.
fn hold_kind(place: &str, content: &Value, body: &Value) {
    let slug = body["type"].as_str().and_then(|kind| kind.split_once('#'));
    let code = body["metadata"]["errors"][0]["code"].as_str();
    let Some(slug) = slug.map(|(_, slug)| slug).or(code) else {
        return;
    };
    assert!(
        content["examples"].get(slug).is_some(),
        "{place}: {slug} is not described; local/api-description/answers records it"
    );
}

fn hold_body(place: &str, pointer: &str, answer: &Answer, is_whole: bool) {
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
    if is_whole && answer.status >= 400 {
        hold_kind(place, API.pointer(&pointer).unwrap(), &body);
    }
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
