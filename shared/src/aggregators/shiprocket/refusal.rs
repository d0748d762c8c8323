//! Refusals of Shiprocket: a 4xx, a 200 with a failure in its body, and in one case a 500.

use serde_json::Value;

use crate::aggregators::shiprocket::wire::{ShiprocketAnswer, text};
use crate::outbound::client::Reply;
use crate::partners::failure::{PartnerFailure, Refusal};

/// The maximum length of a message that is passed on.
const LONGEST_MESSAGE: usize = 500;
/// A status in a body that means failure, whatever the HTTP status is.
const FAILED: i64 = 300;
/// Words of a refusal because of a value that another order has.
const TAKEN: [&str; 4] = ["taken", "already", "exist", "duplicate"];

/// The refusal of an order whose name belongs to a cancelled order at Shiprocket, which never frees names.
pub(super) fn cancelled_order() -> PartnerFailure {
    PartnerFailure::Refused(Refusal {
        code: Some("cancelled-order".to_owned()),
        message: Some(
            "an order with this order id is cancelled at Shiprocket, and Shiprocket never frees an order id: cancel the \
             order here too, then repeat the request to create it under another order id"
                .to_owned(),
        ),
    })
}

/// A refusal with Shiprocket's message; if there is none, with the HTTP status only.
pub(super) fn of(reply: &Reply) -> Refusal {
    let answer = ShiprocketAnswer::of(reply);
    let code = answer.as_ref().and_then(|answer| {
        answer
            .text("/status_code")
            .or_else(|| answer.text("/status"))
    });
    Refusal {
        code: Some(code.unwrap_or_else(|| reply.status.to_string())),
        message: answer.as_ref().and_then(message),
    }
}

/// Whether a 2xx body reports a failure.
pub(super) fn is_failure(answer: &ShiprocketAnswer) -> bool {
    let fails = |pointer| answer.number(pointer).is_some_and(|code| code >= FAILED);
    fails("/status_code") || fails("/status") || answer.number("/success") == Some(0)
}

/// Whether a refusal says that an order with this id exists.
pub(super) fn says_taken(reply: &Reply) -> bool {
    let Some(answer) = ShiprocketAnswer::of(reply).filter(|_| reply.status >= 400) else {
        return false;
    };
    let of_order_id = ["/errors/order_id", "/message/order_id"]
        .into_iter()
        .find_map(|pointer| answer.at(pointer));
    match of_order_id {
        Some(texts) => has_word(&texts.to_string(), &TAKEN),
        None => message(&answer).is_some_and(|text| has_word(&text, &["already been taken"])),
    }
}

/// Whether a refusal says that this field has a value that is taken.
pub(super) fn says_field_taken(reply: &Reply, field: &str) -> bool {
    let answer = ShiprocketAnswer::of(reply).filter(|_| reply.status >= 400);
    answer.is_some_and(|answer| {
        ["errors", "message"].into_iter().any(|list| {
            let texts = answer.at(&format!("/{list}/{field}"));
            texts.is_some_and(|texts| has_word(&texts.to_string(), &TAKEN))
        })
    })
}

/// Whether a refusal says that the shipment already has an AWB.
pub(super) fn says_assigned(refusal: &Refusal) -> bool {
    says(refusal, &["reassign", "already assigned"])
}

/// Whether a refusal says that the order is already cancelled. "is already shipped and cannot be cancelled" is a
/// different case.
pub(super) fn says_cancelled(refusal: &Refusal) -> bool {
    says(refusal, &["already cancel", "already been cancel"])
}

/// Whether a refusal says that the order does not exist.
pub(super) fn says_unknown_order(refusal: &Refusal) -> bool {
    says(refusal, &["order"]) && says(refusal, &["not found", "does not exist"])
}

/// Whether a 500 means that the id does not exist.
pub(super) fn says_bad_id(refusal: &Refusal) -> bool {
    says(refusal, &["non-object"])
}

fn says(refusal: &Refusal, words: &[&str]) -> bool {
    refusal
        .message
        .as_ref()
        .is_some_and(|text| has_word(text, words))
}

fn has_word(text: &str, words: &[&str]) -> bool {
    let text = text.to_lowercase();
    words.iter().any(|word| text.contains(word))
}

/// The message, with the errors of single fields.
fn message(answer: &ShiprocketAnswer) -> Option<String> {
    let told = ["/message", "/payload/error_message", "/error"]
        .into_iter()
        .find_map(|pointer| words(answer.at(pointer)?));
    let fields = answer
        .at("/errors")
        .or_else(|| answer.at("/message"))
        .and_then(Value::as_object);
    let fields = fields.into_iter().flatten();
    let of_fields =
        fields.filter_map(|(name, texts)| Some(format!("{name}: {}", sentences(texts)?)));
    let all: Vec<String> = told.into_iter().chain(of_fields).collect();
    (!all.is_empty()).then(|| cut(&all.join("; ")))
}

/// A text, or the texts of a list.
fn words(value: &Value) -> Option<String> {
    if value.is_object() {
        None
    } else {
        sentences(value)
    }
}

/// All texts in a value, whatever lists and objects they are in.
fn sentences(value: &Value) -> Option<String> {
    let texts = match value {
        Value::Array(texts) => texts.iter().filter_map(sentences).collect(),
        Value::Object(texts) => texts.values().filter_map(sentences).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            Vec::from_iter(text(value))
        }
    };
    (!texts.is_empty()).then(|| texts.join(" "))
}

/// The part of a message that is passed on.
pub(super) fn cut(text: &str) -> String {
    text.chars().take(LONGEST_MESSAGE).collect()
}
