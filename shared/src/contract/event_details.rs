//! What a push says of its event beside the word: why, where, how often, until when.
//!
//! It reaches the owner of the account as texts in `logisticAggregatorMetaData`, under names that are the same for every
//! aggregator (docs/webhooks.md). The words are a courier's own and may be about a person, so they are never printed.

use rust_decimal::Decimal;
use serde_json::Value;

use crate::contract::values::decimal;
use crate::domain::booking::MetaData;
use crate::domain::personal::Personal;

/// Why a delivery failed, in the courier's words.
pub const REASON: &str = "Reason";
/// The aggregator's code for that.
pub const REASON_CODE: &str = "Reason Code";
/// Why a pickup failed, in the courier's words.
pub const PICKUP_REASON: &str = "Pickup Reason";
/// The aggregator's code for that.
pub const PICKUP_REASON_CODE: &str = "Pickup Reason Code";
/// How often the courier tried to deliver.
pub const ATTEMPT_COUNT: &str = "Attempt Count";
/// Where the parcel is.
pub const LOCATION: &str = "Location";
/// What the courier adds.
pub const REMARK: &str = "Remark";
/// The courier's own word or code for what happened.
pub const COURIER_STATUS: &str = "Courier Status";
/// When the parcel is expected, as the aggregator writes it.
pub const EXPECTED_DELIVERY_DATE: &str = "Expected Delivery Date";
/// What a quality check at the door found.
pub const QC_FAILURE_REASON: &str = "QC Failure Reason";
/// Pictures of that.
pub const QC_IMAGE: &str = "QC Image";
/// When it happened, as the aggregator writes it, where that is no time that we can read.
pub const EVENT_TIME: &str = "Event Time";
/// The fields of the push, by its own names, that say something which we cannot read.
pub const NOT_READ: &str = "Not Read";

/// The longest text that is told. A longer one is cut, and ends in `…`.
const LONGEST: usize = 2000;
/// How aggregators, and couriers behind them, say nothing.
const NOTHING: [&str; 6] = ["", "na", "n/a", "null", "none", "not available"];

/// What is said of one event, collected name by name.
#[derive(Debug, Default)]
pub struct EventDetails {
    told: MetaData,
    not_read: Vec<&'static str>,
}

impl EventDetails {
    /// With what a value says, if it says something. What is said already under the name stays.
    #[must_use]
    pub fn with(mut self, name: &str, value: Option<&Value>) -> Self {
        if let Some(text) = value.and_then(said) {
            let told = self.told.entry(name.to_owned());
            told.or_insert_with(|| Personal::from(text));
        }
        self
    }

    /// With a field that says something which was not read.
    #[must_use]
    pub fn without(mut self, field: &'static str) -> Self {
        if !self.not_read.contains(&field) {
            self.not_read.push(field);
        }
        self
    }

    /// With a field that, if it says something, was not read.
    #[must_use]
    pub fn unless_read(self, field: &'static str, value: Option<&Value>, is_read: bool) -> Self {
        if is_read || value.and_then(said).is_none() {
            self
        } else {
            self.without(field)
        }
    }

    /// All of it.
    #[must_use]
    pub fn meta_data(mut self) -> MetaData {
        if !self.not_read.is_empty() {
            let fields = self.not_read.join(", ");
            self.told.insert(NOT_READ.to_owned(), fields.into());
        }
        self.told
    }
}

/// What a value says as a text, whatever its type is; `None` if it says nothing.
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

/// A whole number, also as `1.0` and in quotes.
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
    fn a_value_says_the_same_whatever_its_type_is() {
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
    fn a_long_text_is_cut_and_shows_it() {
        let longest = "é".repeat(LONGEST);
        assert_eq!(said(&json!(longest)).unwrap(), longest);
        let cut = said(&json!(format!("{longest}!"))).unwrap();
        assert_eq!(cut.chars().count(), LONGEST);
        assert!(cut.ends_with("é…"));
    }

    #[test]
    fn what_was_not_read_is_named() {
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
    fn whole_numbers_come_in_many_spellings() {
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
