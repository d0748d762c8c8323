//! What a schema cannot say.

use logistics::domain::text::has_invisible;
use serde_json::{Value, json};

/// What a schema cannot say: the end of a pointer, the values (null also where nothing is), and why.
pub(super) type Beyond = (&'static str, fn(&Value) -> bool, &'static str);

pub(super) const BEYOND_A_SCHEMA: [Beyond; 16] = [
    (
        "",
        has_many_decimals,
        "a number of decimals: common validators divide floats, and would refuse valid amounts",
    ),
    (
        "",
        is_beyond_64_bits,
        "the largest whole number, which `format` says: a float cannot",
    ),
    (
        "/expiresAt",
        Value::is_string,
        "whether a time is in the future",
    ),
    (
        "/headers",
        |value| has_key(value, "Host") || has_key(value, "rms-x"),
        "names that are taken, in any case",
    ),
    (
        "/headers",
        |value| has_key(value, "X-A"),
        "two names that differ only in case",
    ),
    (
        "/headers",
        |value| has_key(value, "Authorization"),
        "a name in any case, together with another field",
    ),
    (
        "",
        is_beyond_the_basic_plane,
        "invisible characters beyond the basic plane, which portable expressions cannot name",
    ),
    ("", is_bad_host, "whether a host is valid"),
    (
        "/zip",
        Value::is_string,
        "the form of an Indian pincode: whether the address is in India, which its country may say by many names",
    ),
    (
        "Pincode",
        Value::is_string,
        "the form of an Indian pincode: whether the route's end is in India",
    ),
    (
        "/zip",
        is_nothing,
        "whether the country has postal codes, which it may say by many names",
    ),
    (
        "Pincode",
        is_nothing,
        "whether the country of the route's end has postal codes",
    ),
    ("/state", is_nothing, "whether the address is in India"),
    (
        "/shipments",
        repeats_an_entry,
        "whether a shipment is named only once",
    ),
    (
        "/items",
        repeats_an_entry,
        "whether a SKU is named only once",
    ),
    (
        "/qty",
        |value| value.as_f64().is_some_and(|number| number < 0.0) || value == "-1",
        "the sign of a quantity: the names of an outbound line's fields are the OMS's",
    ),
];

fn is_nothing(value: &Value) -> bool {
    value.is_null() || *value == json!("")
}

fn repeats_an_entry(value: &Value) -> bool {
    let entries = value.as_array().map(Vec::as_slice);
    matches!(entries, Some([first, second, ..]) if first == second)
}

fn has_many_decimals(value: &Value) -> bool {
    value
        .as_f64()
        .is_some_and(|number| number > 0.0 && number < 0.0001)
}

fn is_beyond_64_bits(value: &Value) -> bool {
    value
        .as_f64()
        .is_some_and(|number| number >= 9_223_372_036_854_775_808.0)
}

fn is_bad_host(value: &Value) -> bool {
    value
        .as_str()
        .is_some_and(|text| text.starts_with("https://["))
}

fn has_key(value: &Value, key: &str) -> bool {
    value.get(key).is_some()
}

fn is_beyond_the_basic_plane(value: &Value) -> bool {
    let text = value.as_str().unwrap_or_default();
    text.chars()
        .any(|c| c > '\u{ffff}' && has_invisible(&c.to_string()))
}
