//! Reads the fields of a request and collects what is wrong. Fields are named by their path: `origin.area_id`.

use serde_json::Value;

use crate::shipper::measure::Measure;
use crate::shipper::refusal::Refusal;

/// Symbols that an address may have besides letters, digits and spaces.
const SYMBOLS: &str = "#&'.-=+,()";
const SHORTEST_PHONE: usize = 8;
const LONGEST_DIRECTION: usize = 100;

/// Collects errors until [`Reader::finish`] refuses the request.
pub(super) struct Reader<'a> {
    body: &'a Value,
    /// The path of the body in the request; empty for the whole.
    place: String,
    wrong: Vec<String>,
}

impl<'a> Reader<'a> {
    pub(super) fn of(body: &'a Value) -> Self {
        Self {
            body,
            place: String::new(),
            wrong: Vec::new(),
        }
    }

    /// Refuses if there were errors.
    pub(super) fn finish(self) -> Result<(), Refusal> {
        if self.wrong.is_empty() {
            Ok(())
        } else {
            Err(Refusal::InvalidInput(self.wrong))
        }
    }

    pub(super) fn note(&mut self, sentence: &str) {
        self.wrong.push(format!("{}{sentence}", self.place));
    }

    /// The value at a path; null counts as missing.
    pub(super) fn value(&self, path: &str) -> Option<&'a Value> {
        let found = path
            .split('.')
            .try_fold(self.body, |value, name| value.get(name));
        found.filter(|value| !value.is_null())
    }

    fn read<T>(&mut self, path: &str, read: impl Fn(&Value) -> Option<T>, what: &str) -> Option<T> {
        let found = self.value(path)?;
        let value = read(found);
        if value.is_none() {
            self.note(&format!("{path} must be {what}"));
        }
        value
    }

    fn required<T>(&mut self, path: &str, found: Option<T>) -> Option<T> {
        if self.value(path).is_none() {
            self.note(&format!("{path} is required"));
        }
        found
    }

    pub(super) fn optional_text(&mut self, path: &str) -> Option<String> {
        self.read(path, text, "a text")
            .filter(|text| !text.is_empty())
    }

    /// A text that is not empty.
    pub(super) fn text(&mut self, path: &str) -> String {
        let found = self.read(path, text, "a text");
        if found.as_deref() == Some("") {
            self.note(&format!("{path} must not be empty"));
        }
        self.required(path, found).unwrap_or_default()
    }

    pub(super) fn optional_whole(&mut self, path: &str) -> Option<u64> {
        self.read(path, Value::as_u64, "a whole number")
    }

    /// A whole number; rupiahs have no decimals.
    pub(super) fn whole(&mut self, path: &str) -> u64 {
        let found = self.optional_whole(path);
        self.required(path, found).unwrap_or_default()
    }

    pub(super) fn optional_flag(&mut self, path: &str) -> bool {
        let found = self.read(path, Value::as_bool, "true or false");
        found.unwrap_or_default()
    }

    pub(super) fn flag(&mut self, path: &str) -> bool {
        let found = self.read(path, Value::as_bool, "true or false");
        self.required(path, found).unwrap_or_default()
    }

    /// A weight in kilograms or a side in centimetres.
    pub(super) fn measure(&mut self, path: &str) -> Measure {
        let found = self.read(path, Measure::read, "a number above 0 and below 100000");
        self.required(path, found).unwrap_or_default()
    }

    /// The sides of a box in centimetres.
    pub(super) fn sides(&mut self, of: &str) -> [Measure; 3] {
        ["length", "width", "height"].map(|side| self.measure(&format!("{of}{side}")))
    }

    pub(super) fn one_of(&mut self, path: &str, allowed: &[&str]) -> String {
        let found = self.text(path);
        if !found.is_empty() && !allowed.contains(&found.as_str()) {
            self.note(&format!("{path} must be {}", allowed.join(" or ")));
        }
        found
    }

    /// A phone number: digits only, with the prefix 62 or 0.
    pub(super) fn phone(&mut self, path: &str) -> String {
        let phone = self.text(path);
        let is_phone = phone.len() >= SHORTEST_PHONE
            && phone.bytes().all(|byte| byte.is_ascii_digit())
            && (phone.starts_with("62") || phone.starts_with('0'));
        if !phone.is_empty() && !is_phone {
            self.note(&format!(
                "{path} must be 8 digits or more, with the prefix 62 or 0"
            ));
        }
        phone
    }

    pub(super) fn address(&mut self, path: &str) -> String {
        let address = self.text(path);
        self.check_symbols(path, &address);
        address
    }

    /// What helps to find an address.
    pub(super) fn direction(&mut self, path: &str) -> String {
        let direction = self.optional_text(path).unwrap_or_default();
        self.check_symbols(path, &direction);
        if direction.chars().count() > LONGEST_DIRECTION {
            self.note(&format!(
                "{path} must be at most {LONGEST_DIRECTION} characters"
            ));
        }
        direction
    }

    fn check_symbols(&mut self, path: &str, text: &str) {
        let is_allowed = |character: char| {
            character.is_alphanumeric() || character.is_whitespace() || SYMBOLS.contains(character)
        };
        if !text.chars().all(is_allowed) {
            self.note(&format!("{path} must have no symbols except {SYMBOLS}"));
        }
    }

    /// Reads each object of a list that must not be empty.
    pub(super) fn list<T>(&mut self, path: &str, read: impl Fn(&mut Reader<'a>) -> T) -> Vec<T> {
        let found = self.value(path).and_then(Value::as_array);
        let Some(entries) = found.filter(|entries| !entries.is_empty()) else {
            self.note(&format!("{path} must be a list that is not empty"));
            return Vec::new();
        };
        let mut values = Vec::new();
        for (index, entry) in entries.iter().enumerate() {
            let mut reader = Reader {
                place: format!("{}{path}[{index}].", self.place),
                ..Reader::of(entry)
            };
            values.push(read(&mut reader));
            self.wrong.append(&mut reader.wrong);
        }
        values
    }
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(|text| text.trim().to_owned())
}
