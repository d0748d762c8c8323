//! A message in the journal: the input of `SendMessage`.

use std::collections::BTreeSet;

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct KeptMessage {
    pub(super) id: String,
    pub(super) queue: String,
    /// FIFO queues only.
    pub(super) sequence: Option<u64>,
    pub(super) input: Map<String, Value>,
}

impl KeptMessage {
    pub(super) fn send_request(&self, queue_url: Value) -> Value {
        let mut request = self.input.clone();
        request.insert("QueueUrl".to_owned(), queue_url);
        Value::Object(request)
    }
}

/// The fields of a `SendMessage`, or of a batch entry, that belong to the message.
pub(super) fn input(entry: &Value) -> Map<String, Value> {
    let mut input = entry.as_object().cloned().unwrap_or_default();
    input.remove("QueueUrl");
    input.remove("Id");
    input
}

pub(super) fn queue_name(request: &Value) -> anyhow::Result<String> {
    request
        .get("QueueUrl")
        .and_then(Value::as_str)
        .and_then(|url| url.rsplit('/').next())
        .map(str::to_owned)
        .context("missing QueueUrl in the request")
}

/// Two messages sent days apart may have the same deduplication id. Restored within one second, the second would be dropped
/// as a duplicate. So all such messages except the last get a new id.
pub(super) fn give_distinct_deduplication_ids(messages: Vec<KeptMessage>) -> Vec<KeptMessage> {
    let mut seen = BTreeSet::new();
    let mut distinct: Vec<KeptMessage> = messages
        .into_iter()
        .rev()
        .map(|mut message| {
            let is_fifo = message.input.contains_key("MessageGroupId");
            let deduplication = message.input.get("MessageDeduplicationId");
            let is_new = seen.insert((
                message.input.get("MessageGroupId").map(Value::to_string),
                deduplication.map(Value::to_string),
            ));
            if is_fifo && (!is_new || deduplication.is_none()) {
                let own = Value::String(message.id.clone());
                message
                    .input
                    .insert("MessageDeduplicationId".to_owned(), own);
            }
            message
        })
        .collect();
    distinct.reverse();
    distinct
}
