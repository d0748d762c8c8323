//! Keeps SQS messages between runs: a line for each message sent and each message deleted, written before the caller gets
//! its answer. Killing the process at any time loses no acknowledged message.
//!
//! When a queue is created again, its messages are restored in order. They are new messages: with new message ids, a receive
//! count of 0, and all visible at once. Sequence numbers continue from the highest of the previous run, so that no number is
//! used twice. Not kept: deduplication of the last five minutes, and moves to a dead-letter queue by SQS itself (such a
//! message is back in its source queue). The journal is not flushed to disk: it survives the process, but not a power
//! failure.

mod file;
mod message;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use anyhow::Context as _;
use axum::body::{Body, to_bytes};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustack_sqs_core::handler::RustackSqsHandler;
use rustack_sqs_http::body::SqsResponseBody;
use rustack_sqs_http::dispatch::SqsHandler as _;
use rustack_sqs_model::error::SqsError;
use rustack_sqs_model::operations::SqsOperation;
use serde_json::Value;

use file::{JournalFile, Line};
use message::{KeptMessage, give_distinct_deduplication_ids};

#[derive(Debug)]
pub(super) struct Journal {
    file: JournalFile,
    /// Earlier runs used sequence numbers up to this one.
    first_sequence: u64,
    /// Messages to restore when their queue is created.
    waiting: Mutex<BTreeMap<String, Vec<KeptMessage>>>,
}

type SqsResponse = http::Response<SqsResponseBody>;

impl Journal {
    /// Opens the journal at `path`, or creates one.
    pub(super) fn open(path: &Path) -> anyhow::Result<Self> {
        let kept = file::read(path)?;
        let mut waiting: BTreeMap<String, Vec<KeptMessage>> = BTreeMap::new();
        for message in &kept.messages {
            let queue = waiting.entry(message.queue.clone()).or_default();
            queue.push(message.clone());
        }
        Ok(Self {
            file: JournalFile::rewrite(path, &kept)?,
            first_sequence: kept.highest_sequence,
            waiting: Mutex::new(waiting),
        })
    }

    /// Records what the operation did, and adjusts its answer to continue the previous runs.
    pub(super) async fn keep(
        &self,
        queues: &RustackSqsHandler,
        operation: SqsOperation,
        request: &[u8],
        response: SqsResponse,
    ) -> Result<SqsResponse, SqsError> {
        self.keep_or_fail(queues, operation, request, response)
            .await
            .map_err(|error| SqsError::internal_error(format!("the journal failed: {error:#}")))
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "rustack's enum is open; every operation that adds or removes a message is matched"
    )]
    async fn keep_or_fail(
        &self,
        queues: &RustackSqsHandler,
        operation: SqsOperation,
        request: &[u8],
        response: SqsResponse,
    ) -> anyhow::Result<SqsResponse> {
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(Body::new(body), usize::MAX).await?;
        let request: Value = serde_json::from_slice(request)?;
        let mut answer: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        if let Some(object) = answer.as_object_mut() {
            self.continue_sequence_numbers(object);
        }
        let lines = match operation {
            SqsOperation::SendMessage => sent(&request, &request, &answer)?.into_iter().collect(),
            SqsOperation::SendMessageBatch => sent_batch(&request, &answer)?,
            SqsOperation::DeleteMessage => deleted(&request).into_iter().collect(),
            SqsOperation::DeleteMessageBatch => {
                entries(&request, "Entries").filter_map(deleted).collect()
            }
            SqsOperation::PurgeQueue | SqsOperation::DeleteQueue => {
                vec![Line::Emptied(message::queue_name(&request)?)]
            }
            SqsOperation::CreateQueue => self.restore(queues, &request, &answer).await?,
            _ => Vec::new(),
        };
        self.file.append(&lines)?;
        // A body that is not an object is passed on unchanged: an empty answer must not become `null`.
        let body = if answer.is_object() {
            SqsResponseBody::from_json(serde_json::to_vec(&answer)?)
        } else {
            SqsResponseBody::from_bytes(bytes)
        };
        Ok(without_length(parts, body))
    }

    /// Sends the kept messages of a newly created queue.
    async fn restore(
        &self,
        queues: &RustackSqsHandler,
        request: &Value,
        answer: &Value,
    ) -> anyhow::Result<Vec<Line>> {
        let name = request.get("QueueName").and_then(Value::as_str);
        let name = name.context("missing QueueName in CreateQueue")?;
        let waiting = {
            let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            waiting.remove(name).unwrap_or_default()
        };
        let mut lines = Vec::new();
        for message in give_distinct_deduplication_ids(waiting) {
            let url = answer.get("QueueUrl").cloned().unwrap_or_default();
            let request = message.send_request(url);
            let body = serde_json::to_vec(&request)?;
            let response = queues
                .handle_operation(SqsOperation::SendMessage, body.into())
                .await
                .map_err(|error| anyhow::anyhow!("cannot restore a message: {error}"))?;
            let bytes = to_bytes(Body::new(response.into_body()), usize::MAX).await?;
            let mut answer: Value = serde_json::from_slice(&bytes)?;
            if let Some(object) = answer.as_object_mut() {
                self.continue_sequence_numbers(object);
            }
            lines.extend(sent(&request, &request, &answer)?);
            lines.push(Line::Deleted(message.id));
        }
        Ok(lines)
    }

    /// Adds the last number of earlier runs to each `SequenceNumber`, anywhere in an answer.
    fn continue_sequence_numbers(&self, object: &mut serde_json::Map<String, Value>) {
        for (key, value) in object {
            match value {
                Value::String(number) if key == "SequenceNumber" => {
                    if let Ok(given) = number.parse::<u64>() {
                        *number = format!("{:020}", given.saturating_add(self.first_sequence));
                    }
                }
                Value::Object(inner) => self.continue_sequence_numbers(inner),
                Value::Array(items) => {
                    for inner in items.iter_mut().filter_map(Value::as_object_mut) {
                        self.continue_sequence_numbers(inner);
                    }
                }
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
            }
        }
    }
}

fn without_length(mut parts: http::response::Parts, body: SqsResponseBody) -> SqsResponse {
    parts.headers.remove(http::header::CONTENT_LENGTH);
    http::Response::from_parts(parts, body)
}

fn sent(request: &Value, entry: &Value, answer: &Value) -> anyhow::Result<Option<Line>> {
    let Some(id) = answer.get("MessageId").and_then(Value::as_str) else {
        return Ok(None);
    };
    let sequence = answer.get("SequenceNumber").and_then(Value::as_str);
    Ok(Some(Line::Sent(KeptMessage {
        id: id.to_owned(),
        queue: message::queue_name(request)?,
        sequence: sequence.and_then(|number| number.parse().ok()),
        input: message::input(entry),
    })))
}

fn sent_batch(request: &Value, answer: &Value) -> anyhow::Result<Vec<Line>> {
    let mut lines = Vec::new();
    for success in entries(answer, "Successful") {
        let entry = entries(request, "Entries").find(|entry| entry.get("Id") == success.get("Id"));
        if let Some(entry) = entry {
            lines.extend(sent(request, entry, success)?);
        }
    }
    Ok(lines)
}

/// A receipt handle of rustack starts with the message id.
fn deleted(entry: &Value) -> Option<Line> {
    let handle = entry.get("ReceiptHandle").and_then(Value::as_str)?;
    let decoded = String::from_utf8(STANDARD.decode(handle).ok()?).ok()?;
    let (id, _) = decoded.split_once(':')?;
    Some(Line::Deleted(id.to_owned()))
}

fn entries<'a>(object: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    object
        .get(key)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}
