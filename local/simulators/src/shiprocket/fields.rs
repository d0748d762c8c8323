//! Reads the fields of a request and reports invalid ones with the vendor's messages.

use serde_json::Value;

use crate::shiprocket::refusal::{FieldErrors, Refusal};

/// Reads fields by name (`billing_city`, `order_items.0.sku`) and collects errors. A field that could not be read is empty
/// until [`Reader::finish`] refuses the request. Null and the empty text count as missing.
pub(super) struct Reader<'a> {
    body: &'a Value,
    errors: FieldErrors,
}

impl<'a> Reader<'a> {
    pub(super) fn of(body: &'a Value) -> Self {
        Self {
            body,
            errors: FieldErrors::new(),
        }
    }

    /// Refuses if there were errors.
    pub(super) fn finish(self) -> Result<(), Refusal> {
        if self.errors.is_empty() {
            Ok(())
        } else {
            Err(Refusal::Fields(self.errors))
        }
    }

    pub(super) fn wrong(&mut self, field: &str, message: impl Into<String>) {
        let messages = self.errors.entry(field.to_owned()).or_default();
        messages.push(message.into());
    }

    pub(super) fn value(&self, field: &str) -> Option<&'a Value> {
        let pointer = format!("/{}", field.replace('.', "/"));
        let value = self.body.pointer(&pointer)?;
        let blank = value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty());
        (!blank).then_some(value)
    }

    fn required(&mut self, field: &str) -> Option<&'a Value> {
        let value = self.value(field);
        if value.is_none() {
            self.wrong(field, format!("The {} field is required.", spoken(field)));
        }
        value
    }

    /// A mandatory text.
    pub(super) fn text(&mut self, field: &str) -> String {
        let Some(value) = self.required(field) else {
            return String::new();
        };
        let text = value.as_str().map(str::to_owned);
        if text.is_none() {
            self.wrong(field, format!("The {} must be a string.", spoken(field)));
        }
        text.unwrap_or_default()
    }

    /// A mandatory text of limited length.
    pub(super) fn text_up_to(&mut self, field: &str, longest: usize) -> String {
        let text = self.text(field);
        if text.chars().count() > longest {
            let message = format!(
                "The {} may not be greater than {longest} characters.",
                spoken(field)
            );
            self.wrong(field, message);
        }
        text
    }

    /// Pincodes and phone numbers, as a number or as a text.
    pub(super) fn code(&mut self, field: &str) -> String {
        let Some(value) = self.required(field) else {
            return String::new();
        };
        let code = code_of(value);
        if code.is_none() {
            self.wrong(field, format!("The {} format is invalid.", spoken(field)));
        }
        code.unwrap_or_default()
    }

    pub(super) fn optional_code(&self, field: &str) -> Option<String> {
        code_of(self.value(field)?)
    }

    /// A mandatory number, also as a text.
    pub(super) fn number(&mut self, field: &str) -> f64 {
        let Some(value) = self.required(field) else {
            return 0.0;
        };
        let number = number_of(value);
        if number.is_none() {
            self.wrong(field, format!("The {} must be a number.", spoken(field)));
        }
        number.unwrap_or_default()
    }

    /// A mandatory whole number above 0.
    pub(super) fn count(&mut self, field: &str) -> u64 {
        let Some(value) = self.required(field) else {
            return 0;
        };
        let count = id_of(value).filter(|count| *count > 0);
        if count.is_none() {
            self.wrong(field, format!("The {} must be an integer.", spoken(field)));
        }
        count.unwrap_or_default()
    }

    pub(super) fn number_above(&mut self, field: &str, bound: f64) -> f64 {
        let number = self.number(field);
        if self.errors.contains_key(field) || number > bound {
            return number;
        }
        let message = format!("The {} must be greater than {bound}.", spoken(field));
        self.wrong(field, message);
        number
    }

    /// An optional field that must be one of these; numbers count as their text.
    pub(super) fn optional_one_of(&mut self, field: &str, allowed: &[&str]) {
        let Some(value) = self.value(field) else {
            return;
        };
        let known = code_of(value).is_some_and(|code| allowed.contains(&code.as_str()));
        if !known {
            self.wrong(field, format!("The selected {} is invalid.", spoken(field)));
        }
    }

    /// Whether a mandatory flag is set; `None` if it is missing.
    pub(super) fn flag(&mut self, field: &str) -> Option<bool> {
        self.required(field).map(is_set)
    }

    /// The number of lines of a mandatory list.
    pub(super) fn length(&mut self, field: &str) -> usize {
        let Some(value) = self.required(field) else {
            return 0;
        };
        let length = value.as_array().map_or(0, Vec::len);
        if length == 0 {
            self.wrong(field, format!("The {} must be an array.", spoken(field)));
        }
        length
    }
}

/// The field's name in Laravel's messages.
fn spoken(field: &str) -> String {
    field.replace('_', " ")
}

fn code_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

fn number_of(value: &Value) -> Option<f64> {
    match value {
        Value::String(text) => text.trim().parse().ok().filter(|n: &f64| n.is_finite()),
        Value::Number(number) => number.as_f64(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// A whole number, such as one of Shiprocket's ids, as a number or as digits.
pub(super) fn id_of(value: &Value) -> Option<u64> {
    match value {
        Value::String(text) => text.parse().ok(),
        Value::Number(number) => number.as_u64(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Flags are booleans in some samples and 0 or 1 in others.
pub(super) fn is_set(value: &Value) -> bool {
    match value {
        Value::Bool(flag) => *flag,
        Value::Number(number) => number.as_i64() == Some(1),
        Value::String(text) => text == "1" || text.eq_ignore_ascii_case("true"),
        Value::Null | Value::Array(_) | Value::Object(_) => false,
    }
}
