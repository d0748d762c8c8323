//! Operations: what is sent, as a table and as a call of curl, and what is answered.

use std::collections::BTreeMap;

use serde_json::Value;

use super::schema::{Field, Piece, kind, limits};
use super::text::{Paragraph, entries, members, paragraphs, parts, word};

/// An operation, or a webhook.
pub(super) struct Operation<'a> {
    pub(super) id: &'a str,
    pub(super) method: String,
    pub(super) path: &'a str,
    pub(super) summary: Vec<Paragraph>,
    pub(super) about: Vec<Paragraph>,
    pub(super) parameters: Vec<Field<'a>>,
    pub(super) body: Vec<Piece>,
    pub(super) example: String,
    pub(super) answers: Vec<Reply<'a>>,
}

/// A response.
pub(super) struct Reply<'a> {
    pub(super) status: &'a str,
    pub(super) is_success: bool,
    pub(super) about: Vec<Paragraph>,
    pub(super) contents: Vec<Content<'a>>,
    pub(super) headers: String,
    /// The kinds of problems.
    pub(super) kinds: String,
    /// A body.
    pub(super) example: String,
}

/// The body of a response in one format.
pub(super) struct Content<'a> {
    pub(super) media_type: &'a str,
    pub(super) kind: Vec<Piece>,
}

/// The operations and webhooks, by tag.
pub(super) struct Operations<'a> {
    api: &'a Value,
    by_tag: BTreeMap<&'a str, Vec<Found<'a>>>,
}

/// An operation in the description.
struct Found<'a> {
    method: &'a str,
    path: &'a str,
    operation: &'a Value,
    is_webhook: bool,
}

pub(super) fn all(api: &Value) -> Operations<'_> {
    let mut by_tag: BTreeMap<&str, Vec<Found<'_>>> = BTreeMap::new();
    for (paths, is_webhook) in [("paths", false), ("webhooks", true)] {
        for (path, item) in members(api, paths) {
            for (method, operation) in item.as_object().into_iter().flatten() {
                let mut tags = entries(operation, "tags").filter_map(Value::as_str);
                let tag = tags.next().unwrap_or_default();
                by_tag.entry(tag).or_default().push(Found {
                    method,
                    path,
                    operation,
                    is_webhook,
                });
            }
        }
    }
    Operations { api, by_tag }
}

impl<'a> Operations<'a> {
    /// Those of a tag, by path.
    pub(super) fn of_tag(&self, tag: &str) -> Vec<Operation<'a>> {
        let found = self.by_tag.get(tag).into_iter().flatten();
        found.map(|found| found.shown(self.api)).collect()
    }
}

impl<'a> Found<'a> {
    fn shown(&self, api: &'a Value) -> Operation<'a> {
        let operation = self.operation;
        let body = operation.pointer("/requestBody/content/application~1json");
        let schema = body.and_then(|body| body.get("schema"));
        Operation {
            id: word(operation, "operationId"),
            method: self.method.to_uppercase(),
            path: self.path,
            summary: paragraphs(word(operation, "summary")),
            about: paragraphs(word(operation, "description")),
            parameters: entries(operation, "parameters").map(parameter).collect(),
            body: schema.map(kind).unwrap_or_default(),
            example: if self.is_webhook {
                pretty(body)
            } else {
                self.call(api, body)
            },
            answers: members(operation, "responses")
                .map(|(status, response)| reply(status, response))
                .collect(),
        }
    }

    /// The operation as a call of curl, with what is required.
    fn call(&self, api: &Value, body: Option<&Value>) -> String {
        let mut path = self.path.to_owned();
        let mut query = Vec::new();
        for parameter in entries(self.operation, "parameters") {
            let (name, value) = (word(parameter, "name"), example_of(api, parameter));
            match word(parameter, "in") {
                "path" => path = path.replace(&format!("{{{name}}}"), &value),
                "query" if parameter.get("required") == Some(&Value::Bool(true)) => {
                    query.push(format!("{name}={value}"));
                }
                _ => (),
            }
        }
        let query = if query.is_empty() {
            String::new()
        } else {
            format!("?{}", query.join("&"))
        };
        let method = match (self.method, body) {
            ("get", _) | ("post", Some(_)) => String::new(),
            (method, _) => format!(" -X {}", method.to_uppercase()),
        };
        let mut lines = vec![format!("curl{method} \"$RMS{path}{query}\"")];
        lines.extend(self.credentials());
        if body.is_some() {
            lines.push("-H 'content-type: application/json'".to_owned());
            lines.push(format!("-d '{}'", pretty(body).replace('\'', r"'\''")));
        }
        lines.join(" \\\n  ")
    }

    /// The header with the credential; none if the path has it.
    fn credentials(&self) -> Option<String> {
        let mut needed = entries(self.operation, "security");
        if needed.clone().any(|scheme| scheme.get("bearer").is_some()) {
            return Some("-H \"authorization: Bearer $API_KEY\"".to_owned());
        }
        let has_pair = needed.any(|scheme| scheme.get("pushUsername").is_some());
        has_pair.then(|| "-u \"$PUSH_USERNAME:$PUSH_PASSWORD\"".to_owned())
    }
}

fn parameter(parameter: &Value) -> Field<'_> {
    let schema = parameter.get("schema").unwrap_or(&Value::Null);
    Field {
        name: word(parameter, "name"),
        place: word(parameter, "in"),
        is_required: parameter.get("required") == Some(&Value::Bool(true)),
        kind: kind(schema),
        about: parts(word(parameter, "description")),
        limits: limits(schema),
    }
}

fn reply<'a>(status: &'a str, response: &'a Value) -> Reply<'a> {
    let content = |(media_type, content): (&'a str, &'a Value)| Content {
        media_type,
        kind: content.get("schema").map(kind).unwrap_or_default(),
    };
    let headers: Vec<_> = members(response, "headers").map(|(name, _)| name).collect();
    let bodies: Vec<_> = members(response, "content").map(|(_, body)| body).collect();
    let kinds = bodies.iter().flat_map(|body| members(body, "examples"));
    let kinds: Vec<_> = kinds.map(|(name, _)| name).collect();
    let mut examples = bodies.iter().map(|body| pretty(Some(body)));
    let example = examples.find(|body| !body.is_empty());
    Reply {
        status,
        is_success: status.starts_with(['2', '3']),
        about: paragraphs(word(response, "description")),
        contents: members(response, "content").map(content).collect(),
        headers: headers.join(", "),
        kinds: kinds.join(", "),
        example: example.unwrap_or_default(),
    }
}

/// A value for a parameter: its example, that of its schema, or a variable of the shell.
fn example_of(api: &Value, parameter: &Value) -> String {
    let schema = parameter.get("schema").unwrap_or(&Value::Null);
    let reference = word(schema, "$ref").trim_start_matches('#');
    let named = api.pointer(reference).filter(|_| !reference.is_empty());
    let mut own = [Some(parameter), Some(schema), named].into_iter().flatten();
    let example = own.find_map(|value| value.get("example"));
    match example {
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
        None => format!("${}", word(parameter, "name").to_uppercase()),
    }
}

fn pretty(body: Option<&Value>) -> String {
    let example = body.and_then(|body| body.get("example"));
    let pretty = example.map(serde_json::to_string_pretty);
    pretty.and_then(Result::ok).unwrap_or_default()
}
