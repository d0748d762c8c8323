//! Values of a warehouse's reports. What RMS does not need may have any form, because a report is forwarded as it was pushed.

use rust_decimal::Decimal;
use serde_json::Value;

use crate::contract::values::{code_text, decimal};

/// The maximum length of a kept text.
const LONGEST_KEPT: usize = 100;
/// The largest quantity of a line.
const MOST_PIECES: u32 = 1_000_000_000;

/// A value of any form, which is not read.
#[expect(
    clippy::unnecessary_wraps,
    reason = "it is used as a parser of a field"
)]
pub(super) fn any(_: &Value) -> Result<(), String> {
    Ok(())
}

/// A value as the warehouse writes it, whatever that is: a time, which is read later, or the name of an order.
#[expect(
    clippy::unnecessary_wraps,
    reason = "it is used as a parser of a field"
)]
pub(super) fn as_written(value: &Value) -> Result<String, String> {
    let text = value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned);
    Ok(text.chars().take(LONGEST_KEPT).collect())
}

/// A quantity, as a number or as a text.
pub(super) fn shipped_quantity(value: &Value) -> Result<Decimal, String> {
    decimal(value)
        .ok()
        .filter(|number| (Decimal::ZERO..=Decimal::from(MOST_PIECES)).contains(number))
        .ok_or_else(|| format!("must be a number from 0 to {MOST_PIECES}, such as 1"))
}

/// A status code of two digits; a number has lost its leading zero.
pub(super) fn status_code(value: &Value) -> Result<String, String> {
    let code = code_text(value)?;
    Ok(if value.is_number() {
        format!("{code:0>2}")
    } else {
        code
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_quantity_is_a_number_or_a_text_and_not_negative() {
        for value in [
            json!(0),
            json!(1),
            json!("2"),
            json!(2.5),
            json!("1000000000"),
        ] {
            assert!(shipped_quantity(&value).is_ok(), "{value}");
        }
        for wrong in [
            json!(-1),
            json!("-1"),
            json!(3e38),
            json!("many"),
            json!(""),
            json!(true),
            json!(1_000_000_001),
        ] {
            assert!(shipped_quantity(&wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_status_code_that_is_a_number_gets_its_zero_back() {
        for (value, code) in [
            (json!("00"), "00"),
            (json!(0), "00"),
            (json!(80), "80"),
            (json!("0"), "0"),
        ] {
            assert_eq!(status_code(&value).unwrap(), code);
        }
        for wrong in [json!(""), json!(" "), json!(1.5), json!(true), json!(-1)] {
            assert!(status_code(&wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_value_of_any_form_is_kept() {
        assert_eq!(as_written(&json!("yesterday")).unwrap(), "yesterday");
        assert_eq!(as_written(&json!(20_220_110)).unwrap(), "20220110");
        assert_eq!(as_written(&json!({"a": 1})).unwrap(), r#"{"a":1}"#);
        assert_eq!(as_written(&json!("x".repeat(500))).unwrap().len(), 100);
    }
}
