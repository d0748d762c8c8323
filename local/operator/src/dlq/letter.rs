//! A message of the dead-letter queue, and what may be shown of it.

use std::fmt::Write as _;

use anyhow::Context as _;
use aws_sdk_sqs::types::{Message, MessageSystemAttributeName as Attribute};
use jiff::Timestamp;
use logistics::queue::dead_letter::{LANE, REASON};
use logistics::queue::return_reading::ReturnReading;
use logistics::queue::task::{DeliveryTask, Task};
use serde::Serialize;
use serde_json::Value;

use crate::dlq::queues::Source;

pub(super) const UNREADABLE: &str = "the message cannot be read";
const MOVED: &str = "the queue moved it: it was received too often";
/// A longer text is not an id.
const LONGEST_ID: usize = 200;

/// A message of the dead-letter queue.
#[derive(Debug, Clone)]
pub struct Letter {
    /// Its id in the dead-letter queue. A message that the function buried has another one than before.
    pub(super) own_id: String,
    pub(super) receipt_handle: String,
    pub(super) body: String,
    /// The message group to which a replay sends it.
    pub(super) lane: String,
    /// Whether it is the only message of its group: then the function buried it, in a group named after its id in the queue
    /// from which it came.
    pub(super) is_alone: bool,
    group: String,
    reason: Option<String>,
    pub(super) buried_at: Timestamp,
    sequence: String,
    pub(super) content: Content,
}

/// What a message asks for.
#[derive(Debug, Clone)]
pub(super) enum Content {
    /// A delivery.
    Delivery(Box<DeliveryTask>),
    /// The reading of a request for a return.
    Reading(ReturnReading),
    /// This version cannot tell.
    Unreadable,
}

/// What a listing shows of a message. An unreadable message has no ids.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the task's own terms")]
pub struct Listed {
    /// The id that the log names: that of the message in the queue from which it came.
    pub message_id: String,
    pub queue: &'static str,
    /// When it entered the dead-letter queue.
    pub buried_at: Timestamp,
    pub age_seconds: i64,
    /// Why it is there, if known.
    pub reason: Option<String>,
    pub kind: Option<String>,
    pub client_id: Option<String>,
    pub endpoint_id: Option<String>,
    pub delivery_id: Option<String>,
    /// Hash of the order number.
    pub order_hash: Option<String>,
    /// When the notification was accepted.
    pub accepted_at: Option<Timestamp>,
    /// The channel account of a request for a return.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alias: Option<String>,
    /// The request for a return.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub return_id: Option<String>,
    /// The webhook or the run that named the request for a return.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    pub lane: String,
}

/// Everything that may be shown of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Shown {
    /// What the listing shows.
    #[serde(flatten)]
    pub listed: Listed,
    /// The task without its payload; absent when the message cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task: Option<Value>,
    /// Size of the message in bytes.
    pub bytes: usize,
    /// On request: what the client would receive, or the message itself when it cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payload: Option<String>,
}

impl Content {
    fn of(body: &str) -> Self {
        if let Ok(Task::Delivery(task)) = serde_json::from_str(body) {
            return Self::Delivery(Box::new(task));
        }
        ReturnReading::parse(body).map_or(Self::Unreadable, Self::Reading)
    }

    pub(super) fn is_unreadable(&self) -> bool {
        matches!(self, Self::Unreadable)
    }
}

impl Letter {
    /// Reads a received message.
    pub(super) fn read(message: Message) -> anyhow::Result<Self> {
        let system = |name: Attribute| message.attributes.as_ref()?.get(&name).cloned();
        let own = |name: &str| {
            let attribute = message.message_attributes.as_ref()?.get(name)?;
            attribute.string_value.clone()
        };
        let body = message.body.clone().unwrap_or_default();
        let content = Content::of(&body);
        let lane = own(LANE);
        let group = system(Attribute::MessageGroupId).unwrap_or_default();
        let sent_at = system(Attribute::SentTimestamp).and_then(|at| at.parse().ok());
        let reason = own(REASON)
            .or_else(|| system(Attribute::DeadLetterQueueSourceArn).map(|_| MOVED.to_owned()))
            .or_else(|| content.is_unreadable().then(|| UNREADABLE.to_owned()));
        Ok(Self {
            is_alone: lane.is_some(),
            lane: lane.unwrap_or_else(|| group.clone()),
            group,
            reason,
            buried_at: Timestamp::from_millisecond(sent_at.unwrap_or_default())?,
            sequence: system(Attribute::SequenceNumber).unwrap_or_default(),
            content,
            body,
            own_id: message
                .message_id
                .context("received a message without an id")?,
            receipt_handle: message
                .receipt_handle
                .context("received a message without a receipt handle")?,
        })
    }

    /// Sort key: the order in which the messages entered the queue.
    pub(super) fn place(&self) -> (Timestamp, &str) {
        (self.buried_at, &self.sequence)
    }

    /// The id that the log names: of the message in the queue from which it came. SQS itself keeps that id when it moves a
    /// message; the function can only name the group after it.
    pub(super) fn id(&self) -> &str {
        if self.is_alone && !self.group.is_empty() {
            &self.group
        } else {
            &self.own_id
        }
    }

    /// Whether it has this id, in the queue from which it came or in the dead-letter queue.
    pub(super) fn has_id(&self, id: &str) -> bool {
        self.id() == id || self.own_id == id
    }

    /// The delivery, if it is one.
    pub(super) fn task(&self) -> Option<&DeliveryTask> {
        match &self.content {
            Content::Delivery(task) => Some(task),
            Content::Reading(_) | Content::Unreadable => None,
        }
    }

    pub(super) fn listed(&self, source: Source, now: Timestamp) -> Listed {
        let task = self.task();
        let reading = match &self.content {
            Content::Reading(reading) => Some(reading),
            Content::Delivery(_) | Content::Unreadable => None,
        };
        let client = task
            .map(|task| &task.client_id)
            .or(reading.map(|reading| &reading.client_id));
        Listed {
            message_id: plain(self.id()),
            queue: source.name(),
            buried_at: self.buried_at,
            age_seconds: now.duration_since(self.buried_at).as_secs(),
            reason: self.reason.as_deref().map(plain),
            kind: self.kind(),
            client_id: client.map(ToString::to_string),
            endpoint_id: task.map(|task| task.endpoint_id.to_string()),
            delivery_id: task.map(|task| plain(&task.delivery_id)),
            order_hash: task.and_then(|task| task.record.pk.rsplit('#').next().map(plain)),
            accepted_at: task.and_then(|task| Timestamp::from_millisecond(task.accepted_at).ok()),
            lane: plain(&self.lane),
            alias: reading.map(|reading| reading.alias.to_string()),
            return_id: reading.map(|reading| plain(reading.return_id.as_str())),
            request_id: reading.map(|reading| plain(reading.request_id.as_str())),
        }
    }

    /// The kind named in the message, if it is a plain word.
    fn kind(&self) -> Option<String> {
        let body: Value = serde_json::from_str(&self.body).ok()?;
        let kind = body.get("kind")?.as_str()?;
        let is_word = kind.len() <= 40
            && kind
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'.');
        is_word.then(|| kind.to_owned())
    }

    pub(super) fn shown(&self, source: Source, with_payload: bool) -> Shown {
        let payload = match &self.content {
            Content::Delivery(task) => task.payload.clone(),
            Content::Reading(_) | Content::Unreadable => Some(self.body.clone()),
        };
        Shown {
            listed: self.listed(source, Timestamp::now()),
            task: self.task().cloned().and_then(without_payload),
            bytes: self.body.len(),
            payload: payload.filter(|_| with_payload),
        }
    }
}

impl Shown {
    /// Text for a terminal.
    pub fn text(&self) -> String {
        let value = serde_json::to_value(self).unwrap_or_default();
        let mut text = String::new();
        for (name, value) in value.as_object().into_iter().flatten() {
            // JSON escapes terminal control characters. Writing to a string cannot fail.
            writeln!(text, "{name:<12} {value}").ok();
        }
        text.trim_end().to_owned()
    }
}

fn without_payload(task: DeliveryTask) -> Option<Value> {
    let task = DeliveryTask {
        payload: None,
        ..task
    };
    serde_json::to_value(Task::Delivery(task)).ok()
}

/// Our ids and reasons are short and printable. Any other text is not ours and must not control the terminal.
fn plain(text: &str) -> String {
    text.chars()
        .take(LONGEST_ID)
        .map(|character| match character {
            ' '..='~' => character,
            _ => '?',
        })
        .collect()
}
