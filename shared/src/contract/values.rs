//! Reads the values of fields; the errors say what is valid.

use std::borrow::Cow;
use std::fmt::Display;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::fmt::temporal::Pieces;
use rust_decimal::Decimal;
use secrecy::SecretString;
use serde_json::Value;
use url::Url;

use crate::domain::order::OrderDate;
use crate::domain::personal::Personal;
use crate::domain::text::{CallingCode, CountryCode, HsCode, has_invisible};

/// The maximum length of a string.
pub const LONGEST_TEXT: usize = 500;
/// The maximum length of a secret: tokens with claims have a few thousand bytes.
pub const LONGEST_SECRET: usize = 4096;
const NOT_EXACT: &str = "must be a string: as this number it has no exact digits";

fn string(value: &Value) -> Result<&str, String> {
    short(value.as_str().ok_or("must be a string")?)
}

fn short(text: &str) -> Result<&str, String> {
    match text.chars().count() {
        0 => Err("must not be empty".to_owned()),
        length if length > LONGEST_TEXT => {
            Err(format!("must have at most {LONGEST_TEXT} characters"))
        }
        _ => Ok(text),
    }
}

/// A text on one line: its words, with one blank between them.
pub fn one_line(text: &str) -> String {
    let words = text.split(|letter: char| letter.is_whitespace() || letter.is_control());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// A text that is cut at the maximum length of a string.
pub fn shortened(text: String) -> String {
    if text.chars().count() <= LONGEST_TEXT {
        return text;
    }
    text.chars().take(LONGEST_TEXT - 1).chain(['…']).collect()
}

/// A code, which many programs write as a number if it has only digits. A number with a fraction, an exponent or more than 64
/// bits has lost digits and would be another code.
fn code(value: &Value) -> Result<Cow<'_, str>, String> {
    match value {
        Value::Number(number) if number.is_u64() => Ok(Cow::Owned(number.to_string())),
        Value::Number(_) => Err(NOT_EXACT.to_owned()),
        Value::Null | Value::Bool(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
            string(value).map(Cow::Borrowed)
        }
    }
}

/// A string that is not blank, not too long, and can be printed on a label.
pub fn text(value: &Value) -> Result<String, String> {
    printable(string(value)?)
}

/// As [`text`], for a code of any form.
pub fn code_text(value: &Value) -> Result<String, String> {
    printable(&code(value)?)
}

fn printable(text: &str) -> Result<String, String> {
    if text.trim().is_empty() {
        return Err("must not be blank".to_owned());
    }
    if text.chars().any(is_unprintable) {
        return Err(
            "must not contain control characters other than tabs and line breaks".to_owned(),
        );
    }
    Ok(text.to_owned())
}

fn is_unprintable(character: char) -> bool {
    character.is_control() && !matches!(character, '\t' | '\n' | '\r')
}

/// A date, such as `2022-03-16`.
pub fn day(value: &Value) -> Result<Date, String> {
    string(value)?
        .parse()
        .map_err(|_| "must be a date, such as 2022-03-16".to_owned())
}

/// A string with personal data.
pub fn personal(value: &Value) -> Result<Personal, String> {
    text(value).map(Personal::from)
}

/// A phone number.
pub fn phone(value: &Value) -> Result<Personal, String> {
    code_text(value).map(Personal::from)
}

/// A client's string with its own format.
pub fn parsed<T: FromStr<Err: Display>>(value: &Value) -> Result<T, String> {
    visible(&code(value)?)
}

/// A two-letter country code, in any case.
pub fn country_code(value: &Value) -> Result<CountryCode, String> {
    visible(&string(value)?.trim().to_ascii_uppercase())
}

/// A calling code, with or without a `+` or the zeros that are dialled for it.
pub fn calling_code(value: &Value) -> Result<CallingCode, String> {
    let code = code(value)?;
    let code = code.trim();
    let digits = code.strip_prefix('+').or_else(|| code.strip_prefix("00"));
    visible(digits.unwrap_or(code).trim_start())
}

/// A partner's string with its own format: an id is read without its invisible characters, because refusing it would lose
/// an event, or an AWB that is paid for.
pub fn of_partner<T: FromStr<Err: Display>>(value: &Value) -> Result<T, String> {
    parse(&code(value)?)
}

/// A string that identifies something: as [`text`], without invisible characters.
pub fn identifier(value: &Value) -> Result<String, String> {
    visible(&code_text(value)?)
}

/// Parses a client's text. Parsing takes invisible characters out of an id, so such a text is refused before.
pub fn visible<T: FromStr<Err: Display>>(text: &str) -> Result<T, String> {
    if has_invisible(text) {
        return Err("must not contain invisible characters".to_owned());
    }
    parse(text)
}

fn parse<T: FromStr<Err: Display>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|error: T::Err| error.to_string())
}

/// A tariff code as people write it, such as `6203.42.00` or `6203 42 00`: with dots and blanks, which are dropped.
pub fn tariff_code(value: &Value) -> Result<HsCode, String> {
    let is_separator = |character: char| character == '.' || character.is_whitespace();
    visible(&code(value)?.replace(is_separator, ""))
}

/// A value of a closed set.
pub fn one_of<T: FromStr>(words: &'static str) -> impl Fn(&Value) -> Result<T, String> {
    move |value| {
        string(value)
            .and_then(|word| word.parse().map_err(|_| String::new()))
            .map_err(|_| format!("must be {words}"))
    }
}

/// The number of decimals to which [`decimal`] removes the error of a sum.
const DECIMALS: u32 = 4;

/// A decimal number, as a number or as a numeric string. A sum that a program made with floats, such as
/// 26.849999999999998, is read as the amount that it stands for: a number that is within 10^-9 of one with four decimals is
/// that one.
pub fn decimal(value: &Value) -> Result<Decimal, String> {
    let text = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
            return Err("must be a number".to_owned());
        }
    };
    let number = exactly(&text).map(without_sum_error);
    number.ok_or_else(|| "must be a number within range, such as 230.50".to_owned())
}

fn without_sum_error(number: Decimal) -> Decimal {
    let rounded = number.round_dp(DECIMALS);
    if (number - rounded).abs() < Decimal::new(1, 9) {
        rounded
    } else {
        number
    }
}

/// The exact number in a string, not rounded, in JSON notation.
fn exactly(text: &str) -> Option<Decimal> {
    if text.contains('_') {
        return None;
    }
    Decimal::from_str_exact(text)
        .or_else(|_| Decimal::from_scientific(text))
        .ok()
}

/// A decimal number with its own rule.
pub fn measured<T: TryFrom<Decimal, Error: Display>>(value: &Value) -> Result<T, String> {
    T::try_from(decimal(value)?).map_err(|error| error.to_string())
}

/// True or false.
pub fn flag(value: &Value) -> Result<bool, String> {
    value
        .as_bool()
        .ok_or_else(|| "must be true or false".to_owned())
}

/// A secret that is sent as a header or a password. It may be longer than other strings, and errors never contain it.
pub fn secret(value: &Value) -> Result<SecretString, String> {
    let text = value.as_str().ok_or("must be a string")?;
    match text.len() {
        0 => Err("must not be empty".to_owned()),
        length if length > LONGEST_SECRET => {
            Err(format!("must have at most {LONGEST_SECRET} bytes"))
        }
        _ if text.chars().any(char::is_control) => {
            Err("must not contain control characters".to_owned())
        }
        _ => Ok(text.into()),
    }
}

/// A number of pieces.
pub fn quantity(value: &Value) -> Result<u32, String> {
    decimal(value)
        .ok()
        .filter(|number| number.normalize().scale() == 0)
        .and_then(|number| u32::try_from(number).ok())
        .filter(|number| (1..=1_000_000).contains(number))
        .ok_or_else(|| "must be a whole number from 1 to 1000000".to_owned())
}

/// An opaque whole number, as a number or as a string of digits. A number that fits only into a float has lost digits
/// and would be another id.
pub fn whole_number<T: FromStr<Err: Display>>(value: &Value) -> Result<T, String> {
    match value {
        Value::Number(number) if !number.is_f64() => parse(&number.to_string()),
        Value::String(text) => visible(text),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            Err("must be a whole number".to_owned())
        }
    }
}

/// A date and time with an offset (RFC 3339).
pub fn order_date(value: &Value) -> Result<OrderDate, String> {
    const FORM: &str =
        "must be a date and time with an offset (RFC 3339), such as 2022-03-16T12:31:02+05:30";
    let text = string(value)?;
    date_of(text).ok_or_else(|| FORM.to_owned())
}

/// Other forms that jiff parses, such as six-digit years and offsets with seconds, cannot be written in RFC 3339.
fn date_of(text: &str) -> Option<OrderDate> {
    let instant: Timestamp = text.parse().ok()?;
    let offset = Pieces::parse(text)
        .ok()?
        .to_numeric_offset()
        .unwrap_or(jiff::tz::Offset::UTC);
    let is_plain = text.starts_with(|first: char| first.is_ascii_digit());
    (is_plain && offset.seconds() % 60 == 0).then_some(OrderDate { instant, offset })
}

/// A time with an offset (RFC 3339).
pub fn instant(value: &Value) -> Result<Timestamp, String> {
    order_date(value).map(|date| date.instant)
}

/// An absolute http or https URL.
pub fn web_url(value: &Value) -> Result<Url, String> {
    string(value)?
        .parse::<Url>()
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        .ok_or_else(|| "must be an absolute http or https URL".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::text::{Awb, OrderNumber};
    use serde_json::json;

    #[test]
    fn amounts_are_numbers_or_numeric_strings() {
        for (value, expected) in [
            (json!(50), "50"),
            (json!(50.0), "50.0"),
            (json!("50.00"), "50.00"),
            (json!(1e3), "1000.0"),
        ] {
            assert_eq!(
                decimal(&value).unwrap().normalize(),
                expected.parse::<Decimal>().unwrap().normalize()
            );
        }
        for wrong in [json!("fifty"), json!(true), json!(1e300), json!("")] {
            assert!(decimal(&wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_error_of_a_sum_of_floats_is_not_part_of_the_amount() {
        for (value, expected) in [
            (json!(0.1 + 0.2), "0.3"),
            (json!(26.849_999_999_999_998), "26.85"),
            (json!("1499.9999999999998"), "1500"),
            (json!(0.000_099_999_999_99), "0.0001"),
            (json!(-0.000_000_000_1), "0"),
        ] {
            let read = decimal(&value).unwrap().normalize();
            assert_eq!(read, expected.parse().unwrap(), "{value}");
        }
        for (value, unchanged) in [
            (json!(0.000_05), "0.00005"),
            (json!("1.00000001"), "1.00000001"),
        ] {
            assert_eq!(decimal(&value).unwrap().to_string(), unchanged);
        }
        assert_eq!(quantity(&json!(1.0)).unwrap(), 1);
        assert_eq!(quantity(&json!(2.999_999_999_999_999_6)).unwrap(), 3);
        assert!(quantity(&json!(1.5)).is_err());
    }

    #[test]
    fn a_tariff_code_is_its_digits() {
        for (value, digits) in [
            ("6203.42.00", "62034200"),
            ("6203 42 00", "62034200"),
            ("0901.21", "090121"),
            ("6109\u{a0}1000", "61091000"),
        ] {
            assert_eq!(tariff_code(&json!(value)).unwrap().as_str(), digits);
        }
        for wrong in ["620", "...", "6203-42-00", "6203.42.00.10.20.3"] {
            let refused = tariff_code(&json!(wrong));
            assert!(
                refused.is_err_and(|detail| detail.contains("62034200")),
                "{wrong}"
            );
        }
    }

    #[test]
    fn a_code_of_digits_may_be_an_exact_number() {
        let number = json!(18_446_744_073_709_551_615_u64);
        assert_eq!(code_text(&json!(560_001)).unwrap(), "560001");
        assert_eq!(identifier(&number).unwrap(), "18446744073709551615");
        assert_eq!(
            tariff_code(&json!(62_034_200)).unwrap().as_str(),
            "62034200"
        );
        assert_eq!(
            phone(&json!(9_845_012_345_u64)).unwrap().expose(),
            "9845012345"
        );
        let order_number: OrderNumber = parsed(&json!(100_001)).unwrap();
        assert_eq!(order_number.as_str(), "100001");
        let awb: Awb = of_partner(&json!(71_902_671)).unwrap();
        assert_eq!(awb.as_str(), "71902671");
        for wrong in [json!(1.5), json!(560_001.0), json!(1e20), json!(-1)] {
            assert!(code_text(&wrong).is_err(), "{wrong}");
            assert!(parsed::<OrderNumber>(&wrong).is_err(), "{wrong}");
            assert!(tariff_code(&wrong).is_err(), "{wrong}");
        }
        for wrong in [json!(true), json!([1]), json!({})] {
            assert!(code_text(&wrong).is_err(), "{wrong}");
        }
        assert!(text(&json!(7)).is_err());
    }

    #[test]
    fn codes_of_countries_and_phones_are_read_as_they_are_written() {
        for code in ["IN", "in", "In", " IN "] {
            assert_eq!(country_code(&json!(code)).unwrap().as_str(), "IN", "{code}");
        }
        for wrong in [json!("IND"), json!("I"), json!(91), json!("भा")] {
            assert!(country_code(&wrong).is_err(), "{wrong}");
        }
        for code in [
            json!("91"),
            json!("+91"),
            json!("0091"),
            json!("+ 91"),
            json!(91),
        ] {
            assert_eq!(calling_code(&code).unwrap().as_str(), "91", "{code}");
        }
        for wrong in [json!("+"), json!("+9191"), json!("IN"), json!(9.5)] {
            assert!(calling_code(&wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_date_keeps_its_offset() {
        let date = order_date(&json!("2022-03-16T12:31:02+05:30")).unwrap();
        assert_eq!(date.offset.seconds(), 19_800);
        assert!(order_date(&json!("2022-03-16T12:31:02")).is_err());
        assert!(order_date(&json!("16/03/2022")).is_err());
    }
}
