//! Any mutation of a sample is read, or refused with pointers into it; nothing panics.

use logistics::contract::fields::Unreadable;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

use crate::reading::{
    COURIER_ANSWER, COURIER_REQUEST, FORWARD_PUSH, LABEL_ANSWER, LABEL_REQUEST, RETURN_ANSWER,
    RETURN_PUSH, RETURN_REQUEST, SETTLEMENT, couriers, label, label_answer, push, return_answer,
    return_awb, route, settle,
};

type Reader = fn(&[u8]) -> Result<(), Unreadable>;

/// Every sample with its reader.
const SAMPLES: [(&str, Reader); 9] = [
    (LABEL_REQUEST, |body| label(body).map(drop)),
    (RETURN_REQUEST, |body| return_awb(body).map(drop)),
    (COURIER_REQUEST, |body| route(body).map(drop)),
    (COURIER_ANSWER, |body| couriers(body).map(drop)),
    (LABEL_ANSWER, |body| label_answer(body).map(drop)),
    (RETURN_ANSWER, |body| return_answer(body).map(drop)),
    (FORWARD_PUSH, |body| push(body).map(drop)),
    (RETURN_PUSH, |body| push(body).map(drop)),
    (SETTLEMENT, |body| settle(body).map(drop)),
];

/// All places of a value, as pointers; the value itself first.
fn places(value: &Value, pointer: &str, found: &mut Vec<String>) {
    found.push(pointer.to_owned());
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let name = name.replace('~', "~0").replace('/', "~1");
                places(value, &format!("{pointer}/{name}"), found);
            }
        }
        Value::Array(entries) => {
            for (index, value) in entries.iter().enumerate() {
                places(value, &format!("{pointer}/{index}"), found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Any JSON, including values that are known to cause problems.
fn any_json() -> impl Strategy<Value = Value> {
    let known = vec![
        Value::Null,
        json!(""),
        json!(" "),
        json!("\u{0}"),
        json!("NaN"),
        json!("1e9999999999"),
        json!("1e-9999999999"),
        json!("1e4294967296"),
        json!("79228162514264337593543950335.5"),
        json!(-1),
        json!(1e308),
        json!(5e-324),
        json!(-0.0),
        json!(u64::MAX),
        json!(i64::MIN),
        json!("9999-12-31T23:59:59-23:59"),
        json!("0000-01-01T00:00:00+23:59"),
        json!("https://"),
        json!("x".repeat(501)),
        json!([]),
        json!({}),
        json!([[]]),
        json!([null]),
    ];
    let leaf = prop_oneof![
        proptest::sample::select(known),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(|number| json!(number)),
        any::<f64>().prop_map(|number| json!(number)),
        ".{0,20}".prop_map(Value::String),
        "[0-9eE.+_-]{1,12}".prop_map(Value::String),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::Array),
            proptest::collection::btree_map("[a-z/~]{1,4}", inner, 0..3)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// Whether a violation's place, or the object in which something is missing, is in the body.
fn leads_into(body: &Value, pointer: &str) -> bool {
    match pointer.rsplit_once('/') {
        None => pointer.is_empty(),
        Some((parent, _)) => body.pointer(parent).is_some(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn a_sample_with_changed_values_is_read_or_refused_with_pointers(
        sample in 0_usize..SAMPLES.len(),
        changes in proptest::collection::vec((any::<Index>(), any_json()), 1..4),
    ) {
        let (sample, read) = SAMPLES[sample];
        let mut body: Value = serde_json::from_str(sample).unwrap();
        for (place, value) in changes {
            let mut found = Vec::new();
            places(&body, "", &mut found);
            let place = place.get(&found).as_str();
            *body.pointer_mut(place).unwrap() = value;
        }
        match read(&serde_json::to_vec(&body).unwrap()) {
            Ok(()) => {}
            Err(Unreadable::Invalid(violations)) => {
                prop_assert!(!violations.is_empty(), "{body}");
                for violation in violations {
                    prop_assert!(leads_into(&body, &violation.pointer), "{violation:?} of {body}");
                    prop_assert!(!violation.detail.is_empty(), "{violation:?}");
                }
            }
            Err(Unreadable::NotJson(detail)) => prop_assert!(false, "{detail} of {body}"),
        }
    }

    #[test]
    fn a_sample_with_changed_bytes_is_read_or_refused(
        sample in 0_usize..SAMPLES.len(),
        changes in proptest::collection::vec((any::<Index>(), any::<u8>()), 1..8),
        length in any::<Index>(),
        is_cut: bool,
    ) {
        let (sample, read) = SAMPLES[sample];
        let mut body = sample.as_bytes().to_vec();
        for (place, byte) in changes {
            *place.get_mut(&mut body) = byte;
        }
        if is_cut {
            body.truncate(length.index(body.len()));
        }
        match read(&body) {
            Ok(()) => {}
            Err(Unreadable::Invalid(violations)) => prop_assert!(!violations.is_empty()),
            Err(Unreadable::NotJson(detail)) => prop_assert!(!detail.is_empty()),
        }
    }

    #[test]
    fn any_bytes_are_refused_and_nothing_else(body: Vec<u8>) {
        for (_, read) in SAMPLES {
            prop_assert!(read(&body).is_err());
        }
    }
}
