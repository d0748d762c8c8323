//! Reads the fields of a request and reports invalid ones.

use jiff::Timestamp;
use serde_json::Value;

use crate::magic::refusal::Refusal;

/// Reads fields by JSON pointer and collects errors. A field that could not be read is empty until [`Reader::finish`]
/// refuses the request.
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

    /// A mandatory text that is not blank.
    pub(super) fn text(&mut self, pointer: &str) -> String {
        let text = self.body.pointer(pointer).and_then(Value::as_str);
        let text = text
            .filter(|text| !text.trim().is_empty())
            .map(str::to_owned);
        self.expect(pointer, "a text", text)
    }

    pub(super) fn optional_text(&self, pointer: &str) -> Option<String> {
        self.body.pointer(pointer)?.as_str().map(str::to_owned)
    }

    pub(super) fn one_of(&mut self, pointer: &str, allowed: &[&str]) -> String {
        let text = self.body.pointer(pointer).and_then(Value::as_str);
        let text = text
            .filter(|text| allowed.contains(text))
            .map(str::to_owned);
        self.expect(pointer, &allowed.join(" or "), text)
    }

    pub(super) fn number(&mut self, pointer: &str) {
        let number = self.body.pointer(pointer).and_then(Value::as_f64);
        self.expect(pointer, "a number", number);
    }

    pub(super) fn integer(&mut self, pointer: &str) -> i64 {
        let integer = self.body.pointer(pointer).and_then(Value::as_i64);
        self.expect(pointer, "an integer", integer)
    }

    /// The length of the list; `None` if there is no list.
    pub(super) fn length(&self, pointer: &str) -> Option<usize> {
        Some(self.body.pointer(pointer)?.as_array()?.len())
    }

    pub(super) fn date(&mut self, pointer: &str) {
        let text = self.body.pointer(pointer).and_then(Value::as_str);
        let date = text.and_then(|text| text.parse::<Timestamp>().ok());
        self.expect(pointer, "a date such as 2022-03-16T12:31:02+05:30", date);
    }

    /// Records an error for a missing value.
    pub(super) fn expect<T: Default>(
        &mut self,
        pointer: &str,
        expected: &str,
        found: Option<T>,
    ) -> T {
        if found.is_none() {
            self.wrong.push(format!("{pointer} must be {expected}"));
        }
        found.unwrap_or_default()
    }
}
