//! Optional fields of a response with a booking. The AWB has been bought, so the booking must not be lost because of
//! them: a value that cannot be used is dropped, and a long text is cut.

use std::str::FromStr;

use serde_json::Value;
use url::Url;

use crate::contract::values::LONGEST_TEXT;
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

    /// A text on one line, such as a courier's name: the first of the values that `read` understands.
    pub fn line<'v>(
        &mut self,
        name: &'static str,
        told: impl IntoIterator<Item = &'v Value>,
        read: impl Fn(&Value) -> Option<String>,
    ) -> Option<String> {
        let text = self.told(name, told, read)?;
        let words: Vec<&str> = text
            .split(|character: char| character.is_whitespace() || character.is_control())
            .filter(|word| !word.is_empty())
            .collect();
        let line = words.join(" ");
        if line.is_empty() {
            self.drop(name);
            return None;
        }
        if line.chars().count() <= LONGEST_TEXT {
            return Some(line);
        }
        self.drop(name);
        Some(line.chars().take(LONGEST_TEXT - 1).chain(['…']).collect())
    }

    /// An id, which would be another one if it were cut.
    pub fn parsed<'v, T: FromStr>(
        &mut self,
        name: &'static str,
        told: impl IntoIterator<Item = &'v Value>,
        read: impl Fn(&Value) -> Option<String>,
    ) -> Option<T> {
        let text = self.told(name, told, read)?;
        let parsed = text.trim().parse().ok();
        if parsed.is_none() {
            self.drop(name);
        }
        parsed
    }

    /// A code or a key of any form, which would be another one if it were cut.
    pub fn code<'v>(
        &mut self,
        name: &'static str,
        told: impl IntoIterator<Item = &'v Value>,
        read: impl Fn(&Value) -> Option<String>,
    ) -> Option<String> {
        let text = self.told(name, told, read)?;
        let is_code = text.chars().count() <= LONGEST_TEXT && !text.chars().any(char::is_control);
        if !is_code {
            self.drop(name);
        }
        Some(text).filter(|_| is_code)
    }

    /// The URL of a document, without the password that it may contain.
    pub fn document<'v>(
        &mut self,
        name: &'static str,
        told: impl IntoIterator<Item = &'v Value>,
        read: impl Fn(&Value) -> Option<String>,
    ) -> Option<Url> {
        let text = self.told(name, told, read)?;
        let url = text.trim().parse::<Url>().ok();
        let url = url.filter(|url| is_web(url) && url.as_str().len() <= LONGEST_URL);
        if url.is_none() {
            self.drop(name);
        }
        url.map(document_url::without_login)
    }

    fn told<'v>(
        &mut self,
        name: &'static str,
        told: impl IntoIterator<Item = &'v Value>,
        read: impl Fn(&Value) -> Option<String>,
    ) -> Option<String> {
        let mut is_odd = false;
        for value in told {
            if let Some(text) = read(value) {
                return Some(text);
            }
            // A text that `read` does not understand means that there is no value.
            is_odd |= !value.is_null() && !value.is_string();
        }
        if is_odd {
            self.drop(name);
        }
        None
    }

    fn drop(&mut self, name: &'static str) {
        if !self.unused.contains(&name) {
            self.unused.push(name);
        }
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
            let line = fields.line("carrierName", [&value], text);
            assert_eq!(line.as_deref(), expected);
            assert_eq!(fields.unused().len(), unused, "{value}");
        }
    }

    #[test]
    fn the_first_value_that_can_be_used_counts() {
        let (list, name) = (json!([]), json!("Fedex"));
        let mut fields = OptionalFields::default();
        let line = fields.line("carrierName", [&list, &name], text);
        assert_eq!(line.as_deref(), Some("Fedex"));
        assert_eq!(fields.unused(), [""; 0]);
    }

    #[test]
    fn an_id_is_never_cut() {
        let mut fields = OptionalFields::default();
        let mut parsed = |value| fields.parsed::<Awb>("orderId", [&value], text);
        assert_eq!(parsed(json!(" 11012\n")).unwrap().as_str(), "11012");
        assert_eq!(parsed(json!("1".repeat(101))), None);
        assert_eq!(fields.unused(), ["orderId"]);
    }

    #[test]
    fn a_document_has_a_web_address_without_a_password() {
        let document = |value: Value| {
            let mut fields = OptionalFields::default();
            let url = fields.document("label", [&value], text);
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
