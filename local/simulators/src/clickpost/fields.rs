//! Reads the fields of a body and reports invalid ones, each with the vendor's code for it.

use std::ops::RangeInclusive;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use serde_json::Value;

use crate::clickpost::refusal::Refusal;

/// Mandatory data is missing.
pub(super) const MISSING: u16 = 328;
/// The order's data is malformed.
pub(super) const MALFORMED: u16 = 314;

/// Reads fields by dotted path and collects errors. A field that could not be read is empty until [`Reader::finish`] refuses
/// the body. A null field or a blank text counts as missing.
pub(super) struct Reader<'a> {
    body: &'a Value,
    prefix: String,
    problems: Vec<(u16, String)>,
}

impl<'a> Reader<'a> {
    /// Fails if the body is not an object.
    pub(super) fn of(body: &'a Value) -> Result<Self, Refusal> {
        Self::within(body, String::new())
    }

    /// A reader for a part of the body; errors have the prefix before the field's path.
    pub(super) fn within(body: &'a Value, prefix: String) -> Result<Self, Refusal> {
        match body {
            Value::Object(_) => Ok(Self {
                body,
                prefix,
                problems: Vec::new(),
            }),
            Value::Null => Err(Refusal::of(MISSING, "the mandatory POST data is missing")),
            Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
                let message = format!("{prefix}the data must be a JSON object");
                Err(Refusal::of(MALFORMED, message))
            }
        }
    }

    /// Refuses if there were errors: with the code of the first error, and all errors with that code.
    pub(super) fn finish(self) -> Result<(), Refusal> {
        let Some((code, _)) = self.problems.first() else {
            return Ok(());
        };
        let same: Vec<&str> = self
            .problems
            .iter()
            .filter(|(other, _)| other == code)
            .map(|(_, problem)| problem.as_str())
            .collect();
        Err(Refusal::of(*code, same.join("; ")))
    }

    pub(super) fn at(&self, path: &str) -> Option<&'a Value> {
        let pointer = format!("/{}", path.replace('.', "/"));
        self.body
            .pointer(&pointer)
            .filter(|value| !value.is_null())
            .filter(|value| value.as_str().is_none_or(|text| !text.trim().is_empty()))
    }

    /// Whether there is a text, even a blank one.
    pub(super) fn is_text(&self, path: &str) -> bool {
        let pointer = format!("/{}", path.replace('.', "/"));
        self.body.pointer(&pointer).is_some_and(Value::is_string)
    }

    /// The text of the first of these paths that has one.
    pub(super) fn optional_text(&self, paths: &[&str]) -> Option<String> {
        paths
            .iter()
            .find_map(|path| self.at(path)?.as_str())
            .map(str::to_owned)
    }

    pub(super) fn flag(&self, path: &str) -> Option<bool> {
        self.at(path)?.as_bool()
    }

    pub(super) fn text(&mut self, path: &str, longest: usize) -> String {
        let expected = format!("a text of at most {longest} characters");
        self.read(path, &expected, |value| {
            let text = value.as_str()?;
            (text.chars().count() <= longest).then(|| text.to_owned())
        })
    }

    /// Digits, as a text or as a number.
    pub(super) fn digits(&mut self, path: &str, count: &RangeInclusive<usize>) -> String {
        let expected = if count.start() == count.end() {
            format!("{} digits", count.start())
        } else {
            format!("{} to {} digits", count.start(), count.end())
        };
        self.read(path, &expected, |value| {
            let text = text_or_integer(value)?;
            let fits = count.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
            fits.then_some(text)
        })
    }

    /// A text or an integer, of any form.
    pub(super) fn loose(&mut self, path: &str) -> String {
        self.read(path, "a text", text_or_integer)
    }

    /// One of these words; a missing or different value has its own code.
    pub(super) fn one_of(&mut self, path: &str, allowed: &[&str], code: u16) -> String {
        let text = self.at(path).and_then(Value::as_str);
        if let Some(text) = text.filter(|text| allowed.contains(text)) {
            return text.to_owned();
        }
        self.problem(code, path, &format!("must be {}", allowed.join(" or ")));
        String::new()
    }

    pub(super) fn positive_integer(&mut self, path: &str) -> i64 {
        self.read(path, "a positive integer", |value| {
            value.as_i64().filter(|number| *number > 0)
        })
    }

    pub(super) fn amount(&mut self, path: &str) -> f64 {
        self.read(path, "a number that is not negative", |value| {
            value.as_f64().filter(|number| *number >= 0.0)
        })
    }

    pub(super) fn date(&mut self, path: &str) {
        self.read(path, "a date such as 2025-02-27", |value| {
            let text = value.as_str().filter(|text| text.len() == 10)?;
            text.parse::<Date>().ok().map(|_| ())
        });
    }

    /// With or without an offset.
    pub(super) fn time(&mut self, path: &str) {
        self.read(path, "a time such as 2025-03-01T19:00:00Z", |value| {
            let text = value.as_str().filter(|text| text.contains('T'))?;
            let is_time = text.parse::<Timestamp>().is_ok() || text.parse::<DateTime>().is_ok();
            is_time.then_some(())
        });
    }

    /// A mandatory field, validated by `parse`.
    pub(super) fn read<T: Default>(
        &mut self,
        path: &str,
        expected: &str,
        parse: impl FnOnce(&Value) -> Option<T>,
    ) -> T {
        let Some(value) = self.at(path) else {
            self.problem(MISSING, path, "is missing");
            return T::default();
        };
        if let Some(parsed) = parse(value) {
            return parsed;
        }
        self.problem(MALFORMED, path, &format!("must be {expected}"));
        T::default()
    }

    pub(super) fn problem(&mut self, code: u16, path: &str, what: &str) {
        let problem = format!("{}{path} {what}", self.prefix);
        self.problems.push((code, problem));
    }
}

fn text_or_integer(value: &Value) -> Option<String> {
    let integer = || value.as_u64().map(|number| number.to_string());
    value.as_str().map(str::to_owned).or_else(integer)
}
