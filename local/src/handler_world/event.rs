//! The events in `events/`: as AWS sends them, and with a test's changes.

use std::fmt;

use anyhow::Context as _;
use serde_json::{Map, Value, json};

use crate::surroundings;

/// The event of a function as text: `events/<function>.json`.
pub fn sent_by_aws(function: &str) -> anyhow::Result<String> {
    let path = surroundings::workspace().join(format!("events/{function}.json"));
    std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
}

/// An event of the HTTP API. Its text is the input of the function's runtime.
#[derive(Debug, Clone, PartialEq)]
pub struct HttpEvent(Map<String, Value>);

impl HttpEvent {
    /// The event of a function.
    pub fn of(function: &str) -> anyhow::Result<Self> {
        let text = sent_by_aws(function)?;
        let event = serde_json::from_str(&text)
            .with_context(|| format!("cannot parse the event of {function}"))?;
        Ok(Self(event))
    }

    /// The value of a header; AWS writes header names in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.0.get("headers")?.get(name)?.as_str()
    }

    /// The body, read as JSON.
    pub fn body(&self) -> anyhow::Result<Value> {
        let body = self.0.get("body").and_then(Value::as_str);
        Ok(serde_json::from_str(
            body.context("missing body in the event")?,
        )?)
    }

    /// The same event with another body.
    #[must_use]
    pub fn with_body(mut self, body: &Value) -> Self {
        self.0.insert("body".to_owned(), json!(body.to_string()));
        self
    }

    /// The same event with a form, as a browser sends it.
    #[must_use]
    pub fn with_form(mut self, fields: &[(&str, &str)]) -> Self {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        self.0.insert("body".to_owned(), json!(form.finish()));
        self.with_header("content-type", Some("application/x-www-form-urlencoded"))
    }

    /// The same event with a cookie, or without one.
    #[must_use]
    pub fn with_cookie(mut self, cookie: Option<&str>) -> Self {
        self.0.remove("cookies");
        self.0
            .extend(cookie.map(|cookie| ("cookies".to_owned(), json!([cookie]))));
        self
    }

    /// The same event with another value of a header, or without the header.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: Option<&str>) -> Self {
        if let Some(Value::Object(headers)) = self.0.get_mut("headers") {
            headers.remove(name);
            headers.extend(value.map(|value| (name.to_owned(), json!(value))));
        }
        self
    }

    /// The same event with another path parameter.
    #[must_use]
    pub fn with_path_parameter(mut self, name: &str, value: &str) -> Self {
        let parameters = self.0.entry("pathParameters").or_insert_with(|| json!({}));
        if let Some(parameters) = parameters.as_object_mut() {
            parameters.insert(name.to_owned(), json!(value));
        }
        self
    }

    /// The same event without path parameters.
    #[must_use]
    pub fn without_path_parameters(mut self) -> Self {
        self.0.remove("pathParameters");
        self
    }

    /// A request of the same caller with another method, path and query, without a body.
    #[must_use]
    pub fn asking(mut self, method: &str, path: &str, query: &str) -> Self {
        let route = json!(format!("{method} {path}"));
        self.0.remove("body");
        self.0.remove("queryStringParameters");
        self.0.insert("routeKey".to_owned(), route.clone());
        self.0.insert("rawPath".to_owned(), json!(path));
        self.0.insert("rawQueryString".to_owned(), json!(query));
        if let Some(Value::Object(context)) = self.0.get_mut("requestContext") {
            context.insert("routeKey".to_owned(), route);
            if let Some(Value::Object(http)) = context.get_mut("http") {
                http.insert("method".to_owned(), json!(method));
                http.insert("path".to_owned(), json!(path));
            }
        }
        self
    }
}

impl fmt::Display for HttpEvent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&Value::Object(self.0.clone()).to_string())
    }
}
