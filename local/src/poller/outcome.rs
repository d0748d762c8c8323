//! Which messages of a batch were processed, according to the function's answer.
//!
//! Lambda's rules: an empty answer, or one without failures, means success for all. An invalid answer, or one that names an
//! empty or unknown message id, means failure for all: deleting by mistake would lose messages.

use std::collections::BTreeSet;

use aws_sdk_sqs::types::Message;
use serde::Deserialize;
use serde_json::{Map, Value};

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    AllDone,
    AllDoneBut(BTreeSet<String>),
    NoneDone,
    /// Counts as `NoneDone`.
    Unreadable(String),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct BatchResponse {
    #[serde(default)]
    batch_item_failures: Option<Vec<ItemFailure>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ItemFailure {
    item_identifier: String,
}

impl Outcome {
    pub(super) fn done<'a>(&self, batch: &'a [Message]) -> Vec<&'a Message> {
        batch
            .iter()
            .filter(|message| match self {
                Self::AllDone => true,
                Self::AllDoneBut(failed) => {
                    !failed.contains(message.message_id().unwrap_or_default())
                }
                Self::NoneDone | Self::Unreadable(_) => false,
            })
            .collect()
    }
}

pub(super) fn read(payload: &[u8], batch: &[Message]) -> Outcome {
    if payload.is_empty() {
        return Outcome::AllDone;
    }
    let response = match serde_json::from_slice(payload).and_then(parse) {
        Ok(response) => response,
        Err(error) => return Outcome::Unreadable(error.to_string()),
    };
    let failures = response.and_then(|response| response.batch_item_failures);
    let failed: BTreeSet<String> = failures
        .unwrap_or_default()
        .into_iter()
        .map(|failure| failure.item_identifier)
        .collect();
    let known = |id: &String| {
        batch
            .iter()
            .any(|message| message.message_id() == Some(id.as_str()))
    };
    match failed.iter().find(|id| !known(id)) {
        Some(unknown) => Outcome::Unreadable(format!("unknown message id \"{unknown}\"")),
        None if failed.is_empty() => Outcome::AllDone,
        None => Outcome::AllDoneBut(failed),
    }
}

/// Parses an object first, because serde would also read a struct from a list.
fn parse(object: Option<Map<String, Value>>) -> serde_json::Result<Option<BatchResponse>> {
    object
        .map(|object| serde_json::from_value(Value::Object(object)))
        .transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn done_after(payload: &str) -> Vec<String> {
        let batch = ["a", "b"].map(|id| Message::builder().message_id(id).build());
        read(payload.as_bytes(), &batch)
            .done(&batch)
            .into_iter()
            .map(|message| message.message_id().unwrap().to_owned())
            .collect()
    }

    #[test]
    fn an_answer_without_failures_is_success_for_all() {
        for payload in [
            "",
            "null",
            "{}",
            r#"{"batchItemFailures":null}"#,
            r#"{"batchItemFailures":[]}"#,
        ] {
            assert_eq!(done_after(payload), ["a", "b"], "{payload}");
        }
    }

    #[test]
    fn a_named_message_is_not_done() {
        let payload = r#"{"batchItemFailures":[{"itemIdentifier":"a"}]}"#;
        assert_eq!(done_after(payload), ["b"]);
    }

    #[test]
    fn an_invalid_answer_is_failure_of_all() {
        for payload in [
            "not json",
            "[]",
            r#"{"batchItemFailures":[{"itemIdentifier":""}]}"#,
            r#"{"batchItemFailures":[{"itemIdentifier":null}]}"#,
            r#"{"batchItemFailures":[{"id":"a"}]}"#,
            r#"{"batchItemFailures":[{"itemIdentifier":"c"}]}"#,
        ] {
            assert!(done_after(payload).is_empty(), "{payload}");
        }
    }
}
