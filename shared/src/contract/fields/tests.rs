//! Reading field by field: every violation is reported with its pointer.

use crate::contract::fields::*;
use crate::contract::values::{quantity, text};
use serde_json::json;

fn pair(fields: &Fields<'_>) -> Option<(String, u32)> {
    let name = fields.required("name", text);
    let count = fields.object("inner", |inner| inner.required("count", quantity));
    Some((name?, count?))
}

#[test]
fn every_violation_is_found_at_once_with_its_pointer() {
    let Err(Unreadable::Invalid(found)) =
        read_value(&json!({"name": 7, "inner": {"count": -1}}), pair)
    else {
        panic!("two fields are invalid");
    };
    let pointers: Vec<_> = found
        .iter()
        .map(|violation| violation.pointer.as_str())
        .collect();
    assert_eq!(pointers, ["/name", "/inner/count"]);
}

#[test]
fn no_entry_of_a_list_with_two_names_is_dropped() {
    let counts = |body: Value| {
        read_value(&body, |fields| {
            fields.list(&["a", "b"], |entry| entry.required("count", quantity))
        })
    };
    let one = json!([{"count": 1}]);
    for body in [
        json!({"a": one}),
        json!({"b": one}),
        json!({"a": one, "b": []}),
        json!({"a": [], "b": one}),
        json!({"a": null, "b": one}),
        json!({"a": one, "b": one}),
    ] {
        assert_eq!(counts(body.clone()).unwrap(), [1], "{body}");
    }
    assert_eq!(counts(json!({"a": [], "b": []})).unwrap(), [0; 0]);
    let Err(Unreadable::Invalid(found)) = counts(json!({"a": one, "b": [{"count": 2}]})) else {
        panic!("two lists");
    };
    assert_eq!(found.first().unwrap().pointer, "/b");
}

#[test]
fn malformed_json_is_located() {
    let error = read_body("{\u{201c}name\u{201d}: 1}".as_bytes(), pair).unwrap_err();
    assert!(
        matches!(&error, Unreadable::NotJson(detail) if detail.contains("line 1 column")),
        "{error:?}"
    );
    assert!(matches!(
        read_body(&[0xff, 0xfe], pair).unwrap_err(),
        Unreadable::NotJson(_)
    ));
}

#[test]
fn a_number_out_of_range_is_invalid_not_malformed() {
    for number in ["1e300", "1e400", "-1e400", "1e-400"] {
        let body = format!(r#"{{"name":1,"inner":{{"count":{number}}}}}"#);
        let Err(Unreadable::Invalid(found)) = read_body(body.as_bytes(), pair) else {
            panic!("{body} is valid or malformed")
        };
        let pointers: Vec<_> = found.iter().map(|wrong| &*wrong.pointer).collect();
        assert_eq!(pointers, ["/name", "/inner/count"], "{body}");
    }
}

#[test]
fn half_of_a_surrogate_pair_is_a_lost_character() {
    let read = read_body(
        br#"{"name":"Asha \ud83d","inner":{"count":1,"other":"\ude00"}}"#,
        pair,
    );
    assert_eq!(read.unwrap(), ("Asha \u{fffd}".to_owned(), 1));
    let whole = read_body(
        r#"{"name":"Asha \ud83d\ude00","inner":{"count":1}}"#.as_bytes(),
        pair,
    );
    assert_eq!(whole.unwrap().0, "Asha 😀");
    let broken = read_body(br#"{"name":"\ud83d", nothing}"#, pair);
    assert!(matches!(broken, Err(Unreadable::NotJson(_))));
}

#[test]
fn a_whole_number_of_any_length_keeps_its_digits() {
    let body = parse_json(br#"{"awb": 12345678901234567890123, "at": 1.5}"#).unwrap();
    assert_eq!(body, json!({"awb": "12345678901234567890123", "at": 1.5}));
}

#[test]
fn a_body_that_is_not_an_object_has_the_empty_pointer() {
    let Err(Unreadable::Invalid(found)) = read_value(&json!([]), pair) else {
        panic!("not an object")
    };
    assert_eq!(found.first().unwrap().pointer, "");
}
