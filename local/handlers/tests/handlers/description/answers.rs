//! Examples of answers: bodies that the end-to-end tests got, as `local/api-description/answers` wrote them down. Of problems, an
//! example for each kind that a status may have there; the examples are named after the kinds.

use std::collections::BTreeSet;

use logistics::edge::problem::kind::ProblemKind;
use logistics::edge::problem::type_of;
use serde_json::{Value, json};
use utoipa::Modify;
use utoipa::openapi::example::ExampleBuilder;
use utoipa::openapi::path::Operation;
use utoipa::openapi::{OpenApi, Ref, RefOr, Response};

/// Adds the examples.
pub(super) struct Answers;

/// What was written down: `successes`, the body by route and status; `kinds` of problems, by route and status; `problems` and
/// `envelopes`, one of each kind.
fn recorded() -> Value {
    serde_json::from_str(include_str!("answers.json")).unwrap()
}

const IN_AN_ENVELOPE: &str = "envelope-";

impl Modify for Answers {
    fn modify(&self, api: &mut OpenApi) {
        let recorded = recorded();
        let mut used = BTreeSet::new();
        for (path, item) in &mut api.paths.paths {
            let methods = [
                ("GET", &mut item.get),
                ("PUT", &mut item.put),
                ("POST", &mut item.post),
                ("DELETE", &mut item.delete),
            ];
            for (method, operation) in methods {
                if let Some(operation) = operation {
                    let route = format!("{method} {path}");
                    add_to(operation, &route, &recorded, &mut used);
                }
            }
        }
        let components = api.components.get_or_insert_default();
        for name in used {
            let example = ExampleBuilder::new().value(Some(problem(&name, &recorded)));
            components.examples.insert(name, example.build().into());
        }
    }
}

fn add_to(operation: &mut Operation, route: &str, recorded: &Value, used: &mut BTreeSet<String>) {
    let has_body = operation.request_body.is_some();
    for (status, response) in &mut operation.responses.responses {
        let RefOr::T(response) = response else {
            continue;
        };
        if status.starts_with('2') {
            add_body(response, recorded["successes"][route].get(status));
            continue;
        }
        let seen = recorded["kinds"][route][status].as_array();
        let seen = seen.into_iter().flatten().filter_map(Value::as_str);
        let mut slugs: BTreeSet<String> = seen.map(str::to_owned).collect();
        slugs.extend(usual(route, status, has_body));
        add_problems(response, &slugs, used);
    }
}

fn add_body(response: &mut Response, body: Option<&Value>) {
    if let Some(RefOr::T(content)) = response.content.get_mut("application/json") {
        content.example = body.cloned();
    }
}

fn add_problems(response: &mut Response, slugs: &BTreeSet<String>, used: &mut BTreeSet<String>) {
    for (media_type, prefix) in [
        ("application/problem+json", ""),
        ("application/json", IN_AN_ENVELOPE),
    ] {
        let Some(RefOr::T(content)) = response.content.get_mut(media_type) else {
            continue;
        };
        for slug in slugs {
            let name = format!("{prefix}{slug}");
            let reference = Ref::new(format!("#/components/examples/{name}"));
            content.examples.insert(slug.clone(), RefOr::Ref(reference));
            used.insert(name);
        }
    }
}

/// The kinds that a status always has: its only one, what any body and any storage may cause, and what a partner may answer.
fn usual(route: &str, status: &str, has_body: bool) -> BTreeSet<String> {
    let of_status = ProblemKind::all().filter(|kind| kind.meaning().status.to_string() == status);
    let of_status: Vec<_> = of_status.collect();
    let is_of_channel = route.contains(" /channels/{alias}/");
    let usual = match status {
        _ if of_status.len() == 1 => of_status,
        "400" if has_body => vec![ProblemKind::MalformedJson],
        "400" => vec![ProblemKind::InvalidParameter],
        "409" if route.starts_with("DELETE") && !route.contains("order") => {
            vec![ProblemKind::InUse]
        }
        "409" if route.starts_with("PUT /webhook-endpoints") => vec![ProblemKind::LimitReached],
        "409" => vec![ProblemKind::InProgress],
        "422" => vec![ProblemKind::InvalidRequest],
        "502" if is_of_channel => {
            vec![
                ProblemKind::ChannelCredentials,
                ProblemKind::ChannelUnreadable,
            ]
        }
        "502" => vec![ProblemKind::AggregatorCredentials],
        "503" => vec![ProblemKind::Unavailable],
        _ => Vec::new(),
    };
    usual.iter().map(|kind| kind.slug().to_owned()).collect()
}

/// A problem as it was seen; of a kind that no test met, one with what the caller does as its detail.
fn problem(name: &str, recorded: &Value) -> Value {
    let (slug, seen) = match name.strip_prefix(IN_AN_ENVELOPE) {
        Some(slug) => (slug, recorded["envelopes"].get(slug)),
        None => (name, recorded["problems"].get(name)),
    };
    if let Some(seen) = seen {
        return seen.clone();
    }
    let kind = ProblemKind::all().find(|kind| kind.slug() == slug);
    let kind = kind.unwrap_or_else(|| panic!("{slug} is no kind of problem"));
    let meaning = kind.meaning();
    if name == slug {
        return json!({
            "type": type_of(kind), "title": meaning.title, "status": meaning.status,
            "detail": meaning.caller, "instance": "JKJaXmPLvHcESHA=",
        });
    }
    json!({
        "metadata": {
            "path": "/v3/fulfillment/pgi", "http_status_code": meaning.status, "http_status": meaning.title,
            "timestamp": 1_796_000_000, "errors": [{ "code": slug, "message": meaning.caller }],
        },
        "data": null,
    })
}

#[test]
fn every_example_is_valid_and_every_status_of_a_problem_has_one() {
    let api = serde_json::to_value(<super::Description as utoipa::OpenApi>::openapi()).unwrap();
    let mut without = Vec::new();
    for (path, methods) in api["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            for (status, response) in operation["responses"].as_object().unwrap() {
                for (media_type, content) in response["content"].as_object().into_iter().flatten() {
                    if !media_type.ends_with("json") {
                        continue;
                    }
                    let place = format!("{method} {path} {status}");
                    let examples = examples(&api, content);
                    if examples.is_empty() && !status.starts_with('2') {
                        without.push(place.clone());
                    }
                    for example in examples {
                        assert_valid(&api, content, &example, &place);
                    }
                }
            }
        }
    }
    assert!(
        without.is_empty(),
        "without a kind of problem: {without:#?}"
    );
}

fn examples(api: &Value, content: &Value) -> Vec<Value> {
    let named = content["examples"].as_object().into_iter().flatten();
    let named = named.map(|(_, reference)| {
        let pointer = reference["$ref"].as_str().unwrap().trim_start_matches('#');
        api.pointer(pointer).unwrap()["value"].clone()
    });
    named.chain(content.get("example").cloned()).collect()
}

fn assert_valid(api: &Value, content: &Value, example: &Value, place: &str) {
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "components": api["components"],
    });
    let of_body = content["schema"].as_object().unwrap().clone();
    schema.as_object_mut().unwrap().extend(of_body);
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<_> = validator
        .iter_errors(example)
        .map(|error| format!("{} {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{place}: {errors:?}");
}
