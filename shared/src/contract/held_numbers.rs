//! Numbers that JSON allows and a double-precision float cannot hold, such as `1e400`.
//!
//! The parser fails at one that is too large, without its place, and reads one that is too small as 0. So each is replaced
//! by the nearest number that a float can hold. No field accepts it, so the reader names the field; a field that is not
//! read may have any number.
//!
//! A whole number of more than 64 bits would lose digits in a float. Some senders write AWBs so: it becomes the text of its
//! digits.

use std::borrow::Cow;

const LARGEST: &str = "1.7976931348623157e308";
/// A number with fewer characters and no exponent has at most 64 bits if it is whole, and a float can hold it if it is not.
const FEWEST_DIGITS: usize = 20;
/// A whole number with more characters is no id.
const MOST_DIGITS: usize = 300;
const SMALLEST: &str = "2.2250738585072014e-308";

/// The same JSON with only numbers that a float can hold.
pub(crate) fn held(body: &[u8]) -> Cow<'_, [u8]> {
    let mut replaced: Vec<u8> = Vec::new();
    let mut copied = 0;
    let mut rest = body;
    while let Some(number) = next_number(&mut rest) {
        let end = body.len() - rest.len();
        if let Some(nearest) = nearest(number) {
            let start = end - number.len();
            replaced.extend_from_slice(body.get(copied..start).unwrap_or_default());
            replaced.extend_from_slice(nearest.as_bytes());
            copied = end;
        }
    }
    if copied == 0 {
        return Cow::Borrowed(body);
    }
    replaced.extend_from_slice(body.get(copied..).unwrap_or_default());
    Cow::Owned(replaced)
}

/// Takes everything from `rest` up to the end of the next number outside strings.
fn next_number<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let mut in_string = false;
    loop {
        let (first, others) = rest.split_first()?;
        match first {
            b'"' => in_string = !in_string,
            b'\\' if in_string => {
                *rest = others.get(1..).unwrap_or_default();
                continue;
            }
            b'-' | b'0'..=b'9' if !in_string => {
                let is_of_number =
                    |byte: &u8| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-');
                let length = rest.iter().take_while(|byte| is_of_number(byte)).count();
                let (number, others) = rest.split_at_checked(length)?;
                *rest = others;
                return Some(number);
            }
            _ => {}
        }
        *rest = others;
    }
}

/// What a parser can hold in place of a number; `None` if it can hold the number, or if this is none.
fn nearest(number: &[u8]) -> Option<String> {
    let has_exponent = || number.iter().any(|byte| matches!(byte, b'e' | b'E'));
    if number.len() < FEWEST_DIGITS && !has_exponent() {
        return None;
    }
    let text = std::str::from_utf8(number).ok()?;
    if is_whole(text) && text.len() < MOST_DIGITS {
        let is_exact = text.parse::<i64>().is_ok() || text.parse::<u64>().is_ok();
        return (!is_exact).then(|| format!("\"{text}\""));
    }
    let value: f64 = text.parse().ok()?;
    let sign = if value.is_sign_negative() { "-" } else { "" };
    let mantissa = text.split(['e', 'E']).next().unwrap_or_default();
    let is_zero = !mantissa.bytes().any(|byte| matches!(byte, b'1'..=b'9'));
    if value.is_infinite() {
        Some(format!("{sign}{LARGEST}"))
    } else if value == 0.0 && !is_zero {
        Some(format!("{sign}{SMALLEST}"))
    } else {
        None
    }
}

/// Whether it is a whole number as JSON writes it.
fn is_whole(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty()
        && !digits.starts_with('0')
        && digits.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held_text(body: &str) -> String {
        String::from_utf8(held(body.as_bytes()).into_owned()).unwrap()
    }

    #[test]
    fn a_number_beyond_a_float_becomes_the_nearest_one() {
        let zeros = "0".repeat(400);
        for (number, expected) in [
            ("1e400", LARGEST),
            ("1E+400", LARGEST),
            (&format!("1{zeros}"), LARGEST),
            (&format!("1{zeros}.5"), LARGEST),
            ("1e-400", SMALLEST),
            (&format!("0.{zeros}1"), SMALLEST),
        ] {
            for sign in ["", "-"] {
                let body = format!("{{\"a\": [{sign}{number}, {sign}{number}], \"b\": 1}}");
                let held = held_text(&body);
                let expected = format!("{{\"a\": [{sign}{expected}, {sign}{expected}], \"b\": 1}}");
                assert_eq!(held, expected);
                assert!(serde_json::from_str::<serde_json::Value>(&held).is_ok());
            }
        }
    }

    #[test]
    fn a_whole_number_of_more_than_64_bits_keeps_its_digits() {
        for number in [
            "18446744073709551616",
            "-9223372036854775809",
            "12345678901234567890123456",
        ] {
            let held = held_text(&format!("[{number}, 1]"));
            assert_eq!(held, format!("[\"{number}\", 1]"));
        }
    }

    #[test]
    fn everything_else_is_unchanged() {
        for body in [
            "",
            "7",
            r#"{"a": 0, "b": -0.0, "c": 0e999, "d": 1e308, "e": 1e-300, "f": 18446744073709551615, "g": -9223372036854775808, "h": 0.30000000000000004}"#,
            r#"{"1e400": "1e400 \"1e400\" \\", "a\"1e400": "ä1e400"}"#,
            r#"["\\", "1e400"]"#,
            "1e400e5",
            "\"1e400",
            "\"\\",
            "--1e400",
        ] {
            assert!(matches!(held(body.as_bytes()), Cow::Borrowed(_)), "{body}");
        }
    }
}
