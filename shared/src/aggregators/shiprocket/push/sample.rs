//! The sample that Shiprocket's panel sends to test the push URL: the bodies of its documentation.

use serde_json::Value;

use crate::aggregators::shiprocket::wire::text;

/// The AWB and the order of the documented bodies, of 2023 and 2021.
const SAMPLES: [(&str, &str); 2] = [
    ("19041424751540", "1373900_150876814"),
    ("59629792084", "13905312"),
];
/// What the body of 2021 has in the place of a merchant's order number.
const PLACEHOLDER: &str = "enter your channel order id";

/// Whether a push is such a sample.
pub(super) fn is_sample(push: &Value) -> bool {
    let said = |name: &str| text(push.get(name)?);
    let is = |name: &str, value: &str| said(name).is_some_and(|said| said == value);
    let is_documented = |(awb, order): &(&str, &str)| is("awb", awb) && is("order_id", order);
    SAMPLES.iter().any(is_documented)
        || said("channel_order_id").is_some_and(|order| placeholder(&order))
}

/// Whether an order number is the one of a sample.
pub(super) fn placeholder(order: &str) -> bool {
    order.eq_ignore_ascii_case(PLACEHOLDER)
}
