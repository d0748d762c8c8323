//! Optional fields of a response with a booking. The AWB has been bought, so the booking must not be lost because of
//! them: a value that cannot be used is dropped, and a long text is cut.

use std::str::FromStr;

use serde_json::Value;
use url::Url;

use crate::contract::values::{LONGEST_TEXT, one_line, shortened};
use crate::domain::document_url::{self, is_web};

/// The longest URL: signed URLs have one or two thousand characters.
const LONGEST_URL: usize = 4096;

/// Reads optional fields, and collects the names of those that were dropped or cut.
#[derive(Debug, Default)]
pub struct OptionalFields {
    unused: Vec<&'static str>,
}

impl OptionalFields {
    /// The fields that were dropped or cut.
    pub fn unused(&self) -> &[&'static str] {
        &self.unused
    }

    /// The first of these values of a field that `read` understands.
    pub fn told<'v>(
        &mut self,
        name: &'static str,
        values: impl IntoIterator<Item = &'v Value>,
        read: impl Fn(&Value) -> Option<String>,
    ) -> Told<'_> {
        let mut text = None;
        let mut is_odd = false;
        for value in values {
            text = read(value);
            if text.is_some() {
                break;
            }
            // A text that `read` does not understand means that there is no value.
            is_odd |= !value.is_null() && !value.is_string();
        }
        let told = Told {
            fields: self,
            name,
            text,
        };
        if told.text.is_none() && is_odd {
            told.fields.note(name);
        }
        told
    }

    fn note(&mut self, name: &'static str) {
        if !self.unused.contains(&name) {
            self.unused.push(name);
        }
    }
}

/// A field's text, if it has one.
#[derive(Debug)]
pub struct Told<'a> {
    fields: &'a mut OptionalFields,
    name: &'static str,
    text: Option<String>,
}

impl Told<'_> {
    /// A text on one line, such as a courier's name.
    pub fn line(self) -> Option<String> {
        let text = self.text?;
        let line = one_line(&text);
        if line.is_empty() {
            self.fields.note(self.name);
            return None;
        }
        if line.chars().count() > LONGEST_TEXT {
            self.fields.note(self.name);
        }
        Some(shortened(line))
    }

    /// An id, which would be another one if it were cut.
    pub fn parsed<T: FromStr>(self) -> Option<T> {
        self.usable(|text| text.trim().parse().ok())
    }

    /// A code or a key of any form, which would be another one if it were cut.
    pub fn code(self) -> Option<String> {
        self.usable(|text| {
            let is_code =
                text.chars().count() <= LONGEST_TEXT && !text.chars().any(char::is_control);
            Some(text).filter(|_| is_code)
        })
    }

    /// The URL of a document, without the password that it may contain.
    pub fn document(self) -> Option<Url> {
        let url = self.usable(|text| {
            let url = text.trim().parse::<Url>().ok();
            url.filter(|url| is_web(url) && url.as_str().len() <= LONGEST_URL)
        });
        url.map(document_url::without_login)
    }

    /// The value of a text; without one the field is dropped.
    fn usable<T>(self, value: impl FnOnce(String) -> Option<T>) -> Option<T> {
        let usable = value(self.text?);
        if usable.is_none() {
            self.fields.note(self.name);
        }
        usable
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::text::Awb;
    use serde_json::json;

    fn text(value: &Value) -> Option<String> {
        value.as_str().map(str::to_owned)
    }

    #[test]
    fn a_name_is_one_line_that_is_cut() {
        let long = "x".repeat(10_000);
        let cut = format!("{}…", "x".repeat(LONGEST_TEXT - 1));
        for (value, expected, unused) in [
            (json!("Blue\r\nDart\u{0}"), Some("Blue Dart"), 0),
            (json!(long), Some(cut.as_str()), 1),
            (json!(["Delhivery"]), None, 1),
            (json!({ "name": "Delhivery" }), None, 1),
            (json!(" \r\n"), None, 1),
            (json!(null), None, 0),
        ] {
            let mut fields = OptionalFields::default();
            let line = fields.told("carrierName", [&value], text).line();
            assert_eq!(line.as_deref(), expected);
            assert_eq!(fields.unused().len(), unused, "{value}");
        }
    }

    #[test]
    fn the_first_value_that_can_be_used_counts() {
        let (list, name) = (json!([]), json!("Fedex"));
        let mut fields = OptionalFields::default();
        let line = fields.told("carrierName", [&list, &name], text).line();
        assert_eq!(line.as_deref(), Some("Fedex"));
        assert_eq!(fields.unused(), [""; 0]);
    }

    #[test]
    fn an_id_is_never_cut() {
        let mut fields = OptionalFields::default();
        let mut parsed = |value| fields.told("orderId", [&value], text).parsed::<Awb>();
        assert_eq!(parsed(json!(" 11012\n")).unwrap().as_str(), "11012");
        assert_eq!(parsed(json!("1".repeat(101))), None);
        assert_eq!(fields.unused(), ["orderId"]);
    }

    #[test]
    fn a_document_has_a_web_address_without_a_password() {
        let document = |value: Value| {
            let mut fields = OptionalFields::default();
            let url = fields.told("label", [&value], text).document();
            (url.map(String::from), fields.unused().len())
        };
        let signed = format!("https://labels.example/1?signature={}", "s".repeat(2_000));
        assert_eq!(document(json!(signed)), (Some(signed), 0));
        let masked = "https://***@labels.example/1".to_owned();
        let secret = json!("https://rms:s3cret@labels.example/1");
        assert_eq!(document(secret), (Some(masked), 0));
        let long = format!("https://labels.example/{}", "x".repeat(LONGEST_URL));
        for wrong in [
            "javascript:alert(1)",
            "labels.example/1",
            "file:///etc",
            &long,
        ] {
            assert_eq!(document(json!(wrong)), (None, 1), "{wrong}");
        }
    }
}
