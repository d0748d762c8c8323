//! The words of a refusal, with its placeholders filled in.

use super::*;
use crate::channels::magento::refusal::message;

#[test]
fn placeholders_are_filled_from_parameters_of_both_forms() {
    for (body, expected) in [
        (
            json!({ "message": "\"%fieldName\" is required.", "parameters": { "fieldName": "sku" } }),
            "\"sku\" is required.",
        ),
        (
            json!({ "message": "The status \"%1\" of %2 is not %3.", "parameters": ["x", 7] }),
            "The status \"x\" of 7 is not %3.",
        ),
        (
            json!({ "message": "%1 %10", "parameters": [1, 2, 3, 4, 5, 6, 7, 8, 9, "ten"] }),
            "1 ten",
        ),
        (
            json!({ "message": "%resources 100 %", "parameters": { "resources": ["a", "b"] } }),
            "a, b 100 %",
        ),
        (
            json!({ "message": "%field %fieldName", "parameters": { "field": "f", "fieldName": "%field" } }),
            "f %field",
        ),
        (json!({ "message": "plain", "parameters": [] }), "plain"),
        (
            json!({ "message": "ümlaut %ü", "parameters": { "ü": "ö" } }),
            "ümlaut ö",
        ),
    ] {
        assert_eq!(message(&body).as_deref(), Some(expected), "{body}");
    }
    assert_eq!(message(&json!({ "parameters": {} })), None);
}

#[test]
fn the_errors_below_a_refusal_are_told_too() {
    let body = json!({
        "message": "One or more input exceptions have occurred.",
        "errors": [
            { "message": "\"%fieldName\" is required.", "parameters": { "fieldName": "qty" } },
            { "message": "%1 is unknown", "parameters": ["SKU-9"] },
            { "parameters": [] },
        ],
    });
    assert_eq!(
        message(&body).unwrap(),
        "One or more input exceptions have occurred. \"qty\" is required. SKU-9 is unknown"
    );
}

#[tokio::test]
async fn a_refusal_has_the_shop_s_code_or_the_status() {
    for (body, code) in [
        (
            json!({ "message": "no %1", "parameters": ["way"], "code": 17 }),
            "17",
        ),
        (json!({ "message": "no %1", "parameters": ["way"] }), "400"),
    ] {
        let bench = bench(INTEGRATION).await;
        let response = ResponseTemplate::new(400).set_body_json(&body);
        answers(&bench, ("GET", ORDER), response).await;
        let failure = read(&bench, "11254").await.unwrap_err();
        let PartnerFailure::Refused(refusal) = failure else {
            panic!("{failure:?}");
        };
        assert_eq!(refusal.code.as_deref(), Some(code));
        assert_eq!(refusal.message.as_deref(), Some("no way"));
    }
}
