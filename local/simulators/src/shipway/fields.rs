//! Reads the fields of a request and reports invalid ones. Shipway accepts numbers as text and as numbers.

use std::collections::HashMap;

use axum::extract::Query;
use http::Uri;
use jiff::civil::DateTime;
use serde_json::Value;

use crate::shipway::refusal::Refusal;

/// A text or a number as text; `None` for anything else or a blank text.
pub(super) fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// A list of ids that is not empty.
pub(super) fn list(body: &Value, field: &str) -> Result<Vec<String>, Refusal> {
    let ids: Option<Vec<String>> = body
        .get(field)
        .and_then(Value::as_array)
        .and_then(|ids| ids.iter().map(text).collect());
    ids.filter(|ids| !ids.is_empty())
        .ok_or_else(|| Refusal::InvalidRequest(vec![format!("{field} must be a list of ids")]))
}

/// The parameters of a query.
pub(super) struct Parameters(HashMap<String, String>);

impl Parameters {
    pub(super) fn of(uri: &Uri) -> Self {
        Self(Query::try_from_uri(uri).map_or_else(|_| HashMap::new(), |Query(found)| found))
    }

    /// A parameter; an empty one counts as missing.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let value = self.0.get(name)?.trim();
        (!value.is_empty()).then_some(value)
    }

    /// A required parameter.
    pub(super) fn required(&self, name: &str) -> Result<&str, Refusal> {
        self.get(name)
            .ok_or_else(|| Refusal::InvalidRequest(vec![format!("{name} is required")]))
    }

    /// An optional parameter that must be one of these.
    pub(super) fn one_of(&self, name: &str, allowed: &[&str]) -> Result<Option<&str>, Refusal> {
        match self.get(name) {
            Some(value) if !allowed.contains(&value) => {
                Err(Refusal::InvalidRequest(vec![format!(
                    "{name} must be {}",
                    allowed.join(" or ")
                )]))
            }
            found => Ok(found),
        }
    }
}

/// Reads the fields of an object and collects errors until [`Reader::finish`] refuses the request.
pub(super) struct Reader<'a> {
    body: &'a Value,
    wrong: Vec<String>,
}

impl<'a> Reader<'a> {
    pub(super) fn of(body: &'a Value) -> Self {
        Self {
            body,
            wrong: Vec::new(),
        }
    }

    /// Refuses if there were errors.
    pub(super) fn finish(self) -> Result<(), Refusal> {
        if self.wrong.is_empty() {
            Ok(())
        } else {
            Err(Refusal::InvalidRequest(self.wrong))
        }
    }

    pub(super) fn optional(&self, field: &str) -> Option<String> {
        text(self.body.get(field)?)
    }

    pub(super) fn required(&mut self, field: &str) -> String {
        let found = self.optional(field);
        if found.is_none() {
            self.note(format!("{field} is required"));
        }
        found.unwrap_or_default()
    }

    pub(super) fn one_of(&mut self, field: &str, allowed: &[&str]) -> String {
        let found = self.optional(field);
        let found = found.filter(|text| allowed.contains(&text.as_str()));
        if found.is_none() {
            self.note(format!("{field} must be {}", allowed.join(" or ")));
        }
        found.unwrap_or_default()
    }

    /// A phone number without country code.
    pub(super) fn phone(&mut self, field: &str) {
        let phone = self.required(field);
        let is_phone = phone.len() == 10 && phone.bytes().all(|byte| byte.is_ascii_digit());
        if !phone.is_empty() && !is_phone {
            self.note(format!("{field} must have 10 digits"));
        }
    }

    /// An optional measure or amount.
    pub(super) fn optional_number(&mut self, field: &str) {
        let number = self.optional(field).map(|text| text.parse::<f64>());
        if !matches!(number, None | Some(Ok(0.0..))) {
            self.note(format!("{field} must be a number"));
        }
    }

    /// An optional time.
    pub(super) fn optional_time(&mut self, field: &str) {
        let time = self.optional(field);
        let is_time = |text: &String| DateTime::strptime("%Y-%m-%d %H:%M:%S", text).is_ok();
        if time.is_some_and(|text| !is_time(&text)) {
            self.note(format!("{field} must be YYYY-MM-DD HH:MM:SS"));
        }
    }

    /// The value of a field of any kind.
    pub(super) fn value(&self, field: &str) -> Option<&'a Value> {
        self.body.get(field)
    }

    pub(super) fn note(&mut self, wrong: String) {
        self.wrong.push(wrong);
    }
}
