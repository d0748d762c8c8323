//! Examples of request bodies: those of the events with which the tests of the functions call their handlers, else the
//! samples that the readers of the bodies are tested with. That of a native push is one of an adapter's fixtures.

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::Modify;
use utoipa::openapi::{Content, OpenApi, RefOr};

use crate::schemas::samples_by_schema;

/// Adds the examples.
pub(super) struct Examples;

const EVENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../events");
const NATIVE: (&str, &str) = (
    "POST /notifications/{token}",
    include_str!("../../../../../shared/src/aggregators/shiprocket/fixtures/push-2023.json"),
);

impl Modify for Examples {
    fn modify(&self, api: &mut OpenApi) {
        let (of_events, samples) = (bodies_of_events(), samples_by_schema());
        for (path, item) in &mut api.paths.paths {
            let methods = [("POST", &mut item.post), ("PUT", &mut item.put)];
            for (method, operation) in methods {
                let body = operation
                    .as_mut()
                    .and_then(|found| found.request_body.as_mut());
                let Some(RefOr::T(body)) = body else {
                    continue;
                };
                let Some(RefOr::T(content)) = body.content.get_mut("application/json") else {
                    continue;
                };
                let of_event = of_events.get(&format!("{method} {path}")).cloned();
                content.example = of_event.or_else(|| samples.get(&schema_of(content)?).cloned());
            }
        }
    }
}

/// The bodies of the events, by route.
fn bodies_of_events() -> BTreeMap<String, Value> {
    let read = |entry: std::io::Result<std::fs::DirEntry>| {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let event: Value = serde_json::from_str(&text).unwrap();
        let route = event.get("routeKey")?.as_str()?.to_owned();
        let body = serde_json::from_str(event.get("body")?.as_str()?).unwrap();
        Some((route, body))
    };
    let (route, native) = NATIVE;
    let native = (route.to_owned(), serde_json::from_str(native).unwrap());
    let events = std::fs::read_dir(EVENTS).unwrap();
    events.filter_map(read).chain([native]).collect()
}

/// The schema of a body; of one that may be a list too, that of an entry.
fn schema_of(content: &Content) -> Option<String> {
    let schema = serde_json::to_value(content.schema.as_ref()?).unwrap();
    let entry = schema.pointer("/oneOf/0").unwrap_or(&schema);
    let reference = entry.get("$ref")?.as_str()?;
    reference.rsplit('/').next().map(str::to_owned)
}
