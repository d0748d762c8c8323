//! The details of a pushed event: reason, location, number of attempts, expected date.
//!
//! They are sent to the owner of the account as texts in `logisticAggregatorMetaData`, under the same names for every
//! aggregator (docs/webhooks.md). The texts are the courier's and may contain personal data, so they are never printed.

use rust_decimal::Decimal;
use serde_json::Value;

use crate::contract::values::decimal;
use crate::domain::booking::MetaData;
use crate::domain::personal::Personal;

/// Why a delivery failed, in the courier's words.
pub const REASON: &str = "Reason";
/// The aggregator's code for that reason.
pub const REASON_CODE: &str = "Reason Code";
/// Why a pickup failed, in the courier's words.
pub const PICKUP_REASON: &str = "Pickup Reason";
/// The aggregator's code for that reason.
pub const PICKUP_REASON_CODE: &str = "Pickup Reason Code";
/// How often the courier tried to deliver.
pub const ATTEMPT_COUNT: &str = "Attempt Count";
/// Where the parcel is.
pub const LOCATION: &str = "Location";
/// The courier's remark.
pub const REMARK: &str = "Remark";
/// The courier's own status or code for the event.
pub const COURIER_STATUS: &str = "Courier Status";
/// The expected delivery date, as written by the aggregator.
pub const EXPECTED_DELIVERY_DATE: &str = "Expected Delivery Date";
/// The result of a failed quality check at the door.
pub const QC_FAILURE_REASON: &str = "QC Failure Reason";
/// Pictures of that check.
pub const QC_IMAGE: &str = "QC Image";
/// The time of the event as written by the aggregator, if it could not be parsed.
pub const EVENT_TIME: &str = "Event Time";
/// The names of the push's fields with values that could not be parsed.
pub const NOT_READ: &str = "Not Read";

/// The maximum length of a text. A longer one is truncated and ends in `…`.
const LONGEST: usize = 2000;
/// The values with which aggregators and couriers mean "no value".
const NOTHING: [&str; 6] = ["", "na", "n/a", "null", "none", "not available"];

/// The details of one event, collected by name.
#[derive(Debug, Default)]
pub struct EventDetails {
    told: MetaData,
    not_read: Vec<&'static str>,
}

impl EventDetails {
    /// Adds a value, if there is one. A value that already has the name is kept.
    #[must_use]
    pub fn with(mut self, name: &str, value: Option<&Value>) -> Self {
        if let Some(text) = value.and_then(said) {
            let told = self.told.entry(name.to_owned());
            told.or_insert_with(|| Personal::from(text));
        }
        self
    }

    /// Adds a field with a value that was not parsed.
    #[must_use]
    pub fn without(mut self, field: &'static str) -> Self {
        if !self.not_read.contains(&field) {
            self.not_read.push(field);
        }
        self
    }

    /// Adds a field that was not parsed, if it has a value.
    #[must_use]
    pub fn unless_read(self, field: &'static str, value: Option<&Value>, is_read: bool) -> Self {
        if is_read || value.and_then(said).is_none() {
            self
        } else {
            self.without(field)
        }
    }

    /// All details.
    #[must_use]
    pub fn meta_data(mut self) -> MetaData {
        if !self.not_read.is_empty() {
            let fields = self.not_read.join(", ");
            self.told.insert(NOT_READ.to_owned(), fields.into());
        }
        self.told
    }
}

/// A value of any type as text; `None` if it means "no value".
pub fn said(value: &Value) -> Option<String> {
    let text = match value {
        Value::Null => return None,
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => whole(value).map_or_else(|| number.to_string(), |n| n.to_string()),
        Value::Bool(flag) => flag.to_string(),
        Value::Array(entries) if entries.is_empty() => return None,
        Value::Object(fields) if fields.is_empty() => return None,
        Value::Array(_) | Value::Object(_) => value.to_string(),
    };
    let is_nothing = NOTHING.contains(&text.to_ascii_lowercase().as_str());
    (!is_nothing).then(|| cut(text))
}

/// A whole number, also as `1.0` and as a string.
pub fn whole(value: &Value) -> Option<Decimal> {
    let number = match value {
        Value::String(text) => decimal(&Value::from(text.trim())),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            decimal(value)
        }
    };
    let number = number.ok()?.normalize();
    (number.scale() == 0).then_some(number)
}

fn cut(text: String) -> String {
    match text.char_indices().nth(LONGEST) {
        None => text,
        Some(_) => text.chars().take(LONGEST - 1).chain(['…']).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_value_of_any_type_gives_the_same_text() {
        for (value, text) in [
            (json!(" Door closed "), "Door closed"),
            (json!(2), "2"),
            (json!(2.0), "2"),
            (json!(2.5), "2.5"),
            (json!(true), "true"),
            (json!({"code": 1}), r#"{"code":1}"#),
            (json!(["a.jpg", "b.jpg"]), r#"["a.jpg","b.jpg"]"#),
        ] {
            assert_eq!(said(&value).as_deref(), Some(text));
        }
        let nothing = ["", " ", "NA", "n/a", "None", "null", "Not Available"];
        let nothing = nothing.into_iter().map(Value::from);
        for value in nothing.chain([Value::Null, json!([]), json!({})]) {
            assert_eq!(said(&value), None, "{value}");
        }
    }

    #[test]
    fn a_long_text_is_truncated_with_an_ellipsis() {
        let longest = "é".repeat(LONGEST);
        assert_eq!(said(&json!(longest)).unwrap(), longest);
        let cut = said(&json!(format!("{longest}!"))).unwrap();
        assert_eq!(cut.chars().count(), LONGEST);
        assert!(cut.ends_with("é…"));
    }

    #[test]
    fn unread_fields_are_named() {
        let details = EventDetails::default()
            .with(REMARK, Some(&json!("first")))
            .with(REMARK, Some(&json!("second")))
            .unless_read("awb", Some(&json!("x")), false)
            .unless_read("order_id", Some(&json!("NA")), false)
            .unless_read("etd", Some(&json!("x")), true)
            .without("scans")
            .without("awb")
            .meta_data();
        assert_eq!(details.len(), 2);
        assert_eq!(details[REMARK].expose(), "first");
        assert_eq!(details[NOT_READ].expose(), "awb, scans");
        assert_eq!(
            EventDetails::default().with(REMARK, None).meta_data(),
            [].into()
        );
    }

    #[test]
    fn whole_numbers_are_read_in_many_formats() {
        for value in [json!(1), json!(1.0), json!("1"), json!(" 1.00 ")] {
            assert_eq!(whole(&value), Some(Decimal::ONE), "{value}");
        }
        for value in [
            json!(1.5),
            json!("one"),
            json!(true),
            json!(null),
            json!(1e300),
        ] {
            assert_eq!(whole(&value), None, "{value}");
        }
    }
}
