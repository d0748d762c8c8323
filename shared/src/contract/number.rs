//! Numbers in the form of the documents' samples: `230`, not `230.0`; `100.5`, not `"100.5"`.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::Number;

/// The JSON number of a decimal.
pub fn json_number(value: Decimal) -> Number {
    let value = value.normalize();
    let whole = if value.scale() == 0 {
        value.to_i64()
    } else {
        None
    };
    whole
        .map(Number::from)
        .or_else(|| value.to_string().parse().ok().and_then(Number::from_f64))
        .unwrap_or_else(|| Number::from(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_have_no_decimals_and_fractions_are_exact() {
        for (decimal, json) in [
            ("230.00", "230"),
            ("0.1", "0.1"),
            ("999999999999.9999", "999999999999.9999"),
            ("0", "0"),
        ] {
            assert_eq!(json_number(decimal.parse().unwrap()).to_string(), json);
        }
    }
}
