//! Reads yes and no, in every spelling that aggregators use. All adapters use this reader; what it reads is listed in
//! docs/values.md.

use rust_decimal::prelude::ToPrimitive as _;
use serde_json::Value;

use crate::contract::event_details::whole;

const YES: [&str; 5] = ["true", "yes", "y", "t", "on"];
const NO: [&str; 5] = ["false", "no", "n", "f", "off"];

/// True or false; `None` if the value says neither.
pub fn flag(value: &Value) -> Option<bool> {
    if let Value::Bool(flag) = value {
        return Some(*flag);
    }
    let text = value.as_str().unwrap_or_default().trim();
    let is_one_of = |words: [&str; 5]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    match (is_one_of(YES), is_one_of(NO)) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        (false, false) => match whole(value)?.to_i64()? {
            1 => Some(true),
            0 => Some(false),
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn yes_and_no_are_read_in_every_spelling() {
        for yes in [
            json!(true),
            json!(1),
            json!(1.0),
            json!("1"),
            json!(" true "),
            json!("True"),
            json!("YES"),
            json!("y"),
        ] {
            assert_eq!(flag(&yes), Some(true), "{yes}");
        }
        for no in [
            json!(false),
            json!(0),
            json!(0.0),
            json!("0"),
            json!("False"),
            json!("no"),
            json!("N"),
        ] {
            assert_eq!(flag(&no), Some(false), "{no}");
        }
        for neither in [
            json!(null),
            json!(""),
            json!("NA"),
            json!(2),
            json!("maybe"),
            json!([]),
            json!({"is": true}),
        ] {
            assert_eq!(flag(&neither), None, "{neither}");
        }
    }
}
