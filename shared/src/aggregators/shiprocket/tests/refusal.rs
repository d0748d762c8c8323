//! The words of a refusal, in every form that Shiprocket gives them.

use crate::aggregators::shiprocket::refusal;
use crate::aggregators::shiprocket::tests::*;
use crate::outbound::client::Reply;

fn message(body: &Value) -> Option<String> {
    let reply = Reply {
        status: 422,
        retry_after: None,
        content_type: None,
        truncated: false,
        body: body.to_string().into_bytes(),
    };
    refusal::of(&reply).message
}

#[test]
fn a_refusal_keeps_its_words_whatever_they_are_in() {
    for (body, words) in [
        (json!({"message": "Oops!"}), "Oops!"),
        (
            json!({"message": ["Pincode is not serviceable.", "Weight is too high."]}),
            "Pincode is not serviceable. Weight is too high.",
        ),
        (
            json!({"message": {"billing_phone": ["is invalid", ["must have ten digits"]]}}),
            "billing_phone: is invalid must have ten digits",
        ),
        (
            json!({"message": "The given data was invalid.", "errors": {"order_id": ["is taken"], "weight": "is missing"}}),
            "The given data was invalid.; order_id: is taken; weight: is missing",
        ),
        (
            json!({"message": [{"field": "sku", "text": "SKU cannot be repeated"}]}),
            "sku SKU cannot be repeated",
        ),
        (json!({"error": ["Wallet is empty"]}), "Wallet is empty"),
    ] {
        assert_eq!(message(&body).as_deref(), Some(words), "{body}");
    }
    for body in [json!({}), json!({"message": []}), json!({"message": null})] {
        assert_eq!(message(&body), None, "{body}");
    }
}
