//! Invalid input gets a clear error: which field, and what is wrong with it.

use logistics::contract::fields::Unreadable;
use serde_json::{Value, json};

use crate::reading::{
    FORWARD_PUSH, LABEL_ANSWER, LABEL_REQUEST, Read, SETTLEMENT, label, label_answer, push, route,
    settle, violations, with,
};

/// The violation of a value at one place of a sample, if it is the only one.
fn said<T>(read: fn(&[u8]) -> Read<T>, sample: &str, pointer: &str, value: &Value) -> String {
    let violations = violations(read(&with(sample, pointer, value.clone())));
    let [violation] = &violations[..] else {
        panic!("{pointer} = {value} gives {violations:?}")
    };
    assert_eq!(violation.pointer, pointer, "{value}");
    violation.detail.clone()
}

/// Asserts the violation of each value in a label request.
fn assert_told(cases: &[(&str, Value, &str)]) {
    for (pointer, value, detail) in cases {
        let said = said(label, LABEL_REQUEST, pointer, value);
        assert_eq!(said, *detail, "{pointer} = {value}");
    }
}

#[test]
fn a_wrong_type_is_reported_with_its_pointer() {
    assert_told(&[
        ("/pickupAddress", json!("Bangalore"), "must be an object"),
        ("/pickupAddress", json!([]), "must be an object"),
        ("/pickupAddress/city", json!(7), "must be a string"),
        ("/pickupAddress/city", json!({}), "must be a string"),
        ("/orderDetails/orderNumber", json!(true), "must be a string"),
        (
            "/orderDetails/orderNumber",
            json!(1234.5),
            "must be a string: as this number it has no exact digits",
        ),
        (
            "/orderDetails/orderAmount",
            json!([230]),
            "must be a number",
        ),
        (
            "/orderDetails/orderLineItems",
            json!({}),
            "must be a list of objects",
        ),
        (
            "/orderDetails/orderLineItems",
            json!([]),
            "must have at least one line item",
        ),
        (
            "/orderDetails/orderLineItems/0",
            json!("sku-1"),
            "must be an object",
        ),
    ]);
}

#[test]
fn a_string_is_not_empty_not_too_long_and_printable() {
    const UNPRINTABLE: &str = "must not contain control characters other than tabs and line breaks";
    const CODE: &str = "must be 1 to 100 printable characters without blanks at its ends";
    assert_told(&[
        ("/pickupAddress/city", json!(""), "must not be empty"),
        ("/pickupAddress/city", json!(" \t"), "must not be blank"),
        (
            "/pickupAddress/city",
            json!("x".repeat(501)),
            "must have at most 500 characters",
        ),
        ("/pickupAddress/city", json!("Bang\u{0}alore"), UNPRINTABLE),
        (
            "/dropAddress/addressLine2",
            json!("A\u{1b}[2J"),
            UNPRINTABLE,
        ),
        ("/orderDetails/orderNumber", json!("a\u{0}b"), CODE),
        ("/orderDetails/orderNumber", json!("x".repeat(101)), CODE),
        ("/orderDetails/orderNumber", json!(" 1"), CODE),
    ]);
}

#[test]
fn an_id_has_no_invisible_characters() {
    const TOLD: &str = "must not contain invisible characters";
    let characters =
        "\u{ad}\u{200b}\u{200f}\u{202a}\u{202e}\u{2060}\u{2069}\u{feff}\u{fe0f}\u{e0041}";
    for character in characters.chars() {
        let line = "/orderDetails/orderLineItems/0";
        for pointer in [
            "/orderDetails/orderNumber",
            "/logisticAccountAlias",
            "/warehouseCode",
            "/courierId",
            "/currencyCode",
            &format!("{line}/sku"),
        ] {
            for value in [
                format!("{character}1"),
                format!("1{character}"),
                format!("1{character}2"),
            ] {
                assert_eq!(
                    said(label, LABEL_REQUEST, pointer, &json!(value)),
                    TOLD,
                    "{pointer}"
                );
            }
        }
        for pointer in ["/orderNumber", "/awb", "/orderId"] {
            let value = json!(format!("1{character}"));
            assert_eq!(said(settle, SETTLEMENT, pointer, &value), TOLD, "{pointer}");
        }
    }
    // People and places are written with them.
    let name = json!("क्\u{200d}ष");
    let named = label(&with(LABEL_REQUEST, "/pickupAddress/firstName", name)).unwrap();
    assert_eq!(named.request.pickup.first_name.expose(), "क्\u{200d}ष");
}

#[test]
fn an_id_of_an_aggregator_is_read_without_invisible_characters() {
    let answer = with(LABEL_ANSWER, "/awb", json!("\u{202e}7190\u{200b}2671"));
    assert_eq!(
        label_answer(&answer).unwrap(),
        label_answer(LABEL_ANSWER.as_bytes()).unwrap()
    );
    let pushed = with(FORWARD_PUSH, "/forwardAwb", json!("\u{feff}AWB-1\u{ad}"));
    let pushed = push(&pushed).unwrap().shipment;
    assert_eq!(pushed.forward_awb.unwrap().as_str(), "AWB-1");
    let nothing = with(FORWARD_PUSH, "/forwardOrderCode", json!("\u{200b}"));
    assert_eq!(violations(push(&nothing))[0].pointer, "/forwardOrderCode");
}

#[test]
fn a_keyword_is_one_of_its_set() {
    const PAYMENT: &str = "must be PREPAID or COD";
    assert_told(&[
        ("/orderDetails/paymentType", json!("CASH"), PAYMENT),
        ("/orderDetails/paymentType", json!("prepaid"), PAYMENT),
        ("/orderDetails/paymentType", json!(1), PAYMENT),
        (
            "/orderDetails/shipmentType",
            json!("BACK"),
            "must be FORWARD or RETURN",
        ),
        (
            "/orderDetails/shipmentType",
            json!("RETURN"),
            "must be FORWARD here",
        ),
        (
            "/currencyCode",
            json!("inr"),
            "must be a currency code of three capital letters, such as INR",
        ),
        (
            "/logisticAccountAlias",
            json!("no alias"),
            "must be 1 to 64 characters of A-Z, a-z, 0-9, _ and -",
        ),
    ]);
}

#[test]
fn a_number_has_its_range() {
    const AMOUNT: &str = "must be from 0 to 100000000000 with at most 4 decimals";
    const NUMBER: &str = "must be a number within range, such as 230.50";
    const QUANTITY: &str = "must be a whole number from 1 to 1000000";
    const LENGTH: &str = "must be more than 0 and at most 10000";
    const WEIGHT: &str = "must be more than 0 and at most 10000000";
    assert_told(&[
        ("/orderDetails/orderAmount", json!(-0.01), AMOUNT),
        (
            "/orderDetails/orderAmount",
            json!(100_000_000_001_i64),
            AMOUNT,
        ),
        ("/orderDetails/orderAmount", json!(1e300), NUMBER),
        ("/orderDetails/orderAmount", json!("₹230"), NUMBER),
        ("/orderDetails/orderAmount", json!("2,300.00"), NUMBER),
        (
            "/orderDetails/orderLineItems/1/quantity",
            json!(0),
            QUANTITY,
        ),
        (
            "/orderDetails/orderLineItems/1/quantity",
            json!(1.5),
            QUANTITY,
        ),
        (
            "/orderDetails/orderLineItems/1/quantity",
            json!(-1),
            QUANTITY,
        ),
        (
            "/orderDetails/orderLineItems/1/quantity",
            json!(1e18),
            QUANTITY,
        ),
        ("/shipmentDimension/weight", json!(0), WEIGHT),
        ("/shipmentDimension/length", json!(-50), LENGTH),
        ("/shipmentDimension/length", json!(10_001), LENGTH),
        (
            "/courierId",
            json!("one"),
            "must be a whole number from 0 to 9223372036854775807",
        ),
    ]);
}

#[test]
fn an_invalid_push_is_reported_with_its_pointer() {
    for (pointer, value, detail) in [
        ("/notificationType", json!(7), "must be a string"),
        (
            "/shipmentType",
            json!("SIDEWAYS"),
            "must be FORWARD or RETURN",
        ),
        ("/items", json!("sku-1"), "must be a list of objects"),
        (
            "/items/0/quantity",
            json!("none"),
            "must be a whole number from 1 to 1000000",
        ),
        ("/forwardOrderCode", json!(""), "must not be empty"),
        ("/eventTime", json!(1_678_949_844), "must be a string"),
    ] {
        assert_eq!(
            said(push, FORWARD_PUSH, pointer, &value),
            detail,
            "{pointer} = {value}"
        );
    }
}

#[test]
fn an_order_has_at_most_500_lines() {
    let line = json!({"name": "jeans", "sku": "sku-1", "sellingPricePerUnit": 1, "quantity": 1});
    let lines = |count| {
        with(
            LABEL_REQUEST,
            "/orderDetails/orderLineItems",
            json!(vec![line.clone(); count]),
        )
    };
    assert_eq!(label(&lines(500)).unwrap().request.lines.len(), 500);
    let found = violations(label(&lines(501)));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].pointer, "/orderDetails/orderLineItems");
    assert_eq!(found[0].detail, "must have at most 500 entries");
}

#[test]
fn the_limit_of_500_counts_characters_not_bytes() {
    let city = "ß".repeat(500);
    let body = with(LABEL_REQUEST, "/dropAddress/city", json!(city.clone()));
    assert_eq!(label(&body).unwrap().request.drop.city, city);
}

#[test]
fn malformed_json_and_utf_8_are_reported_with_their_position() {
    let mut not_utf_8 = LABEL_REQUEST.as_bytes().to_vec();
    let place = LABEL_REQUEST.find("Bangalore").unwrap();
    not_utf_8[place] = 0xff;
    let cut = &LABEL_REQUEST.as_bytes()[..100];
    for body in [
        &not_utf_8[..],
        cut,
        b"",
        b"{",
        b"{} {}",
        b"\xef\xbb\xbf{}",
        b"{'a': 1}",
        b"NaN",
    ] {
        let Err(Unreadable::NotJson(detail)) = label(body) else {
            panic!("{} is not JSON", String::from_utf8_lossy(body))
        };
        assert!(detail.contains(" at line "), "{detail}");
    }
}

#[test]
fn a_body_that_is_not_an_object_is_one_violation_of_the_body() {
    for body in ["[]", "null", "1", "\"text\"", "true"] {
        for found in [
            violations(label(body.as_bytes())),
            violations(push(body.as_bytes())),
            violations(route(body.as_bytes())),
            violations(settle(body.as_bytes())),
        ] {
            assert_eq!(found.len(), 1, "{body}: {found:?}");
            assert_eq!(found[0].pointer, "");
            assert_eq!(found[0].detail, "must be a JSON object");
        }
    }
}

#[test]
fn deep_nesting_is_refused_safely() {
    let deep = "[".repeat(100_000);
    assert!(matches!(push(deep.as_bytes()), Err(Unreadable::NotJson(_))));
}

#[test]
fn a_violation_never_contains_the_value() {
    for (pointer, value) in [
        ("/pickupAddress/phone", json!(919_876_543_210.5)),
        ("/pickupAddress/email", json!(["ram@example.com"])),
        ("/orderDetails/orderNumber", json!("\u{0}ram@example.com")),
    ] {
        let detail = said(label, LABEL_REQUEST, pointer, &value);
        assert!(
            !detail.contains("ram@") && !detail.contains("9876"),
            "{detail}"
        );
    }
}
