//! The body of a queue message. The format is tagged and versioned: a message may wait for days while functions change.
//!
//! New fields are optional and do not change the version: during a deployment and after a rollback, the previous
//! version must be able to read messages of this one. It sends unreadable messages to the dead-letter queue.

use serde::{Deserialize, Serialize};

use crate::domain::message::MessageKind;
use crate::domain::text::{ClientId, EndpointId, RequestId};
use crate::domain::trace::TraceParent;

/// A message of the delivery queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Task {
    /// Deliver a message to an endpoint.
    #[serde(rename = "delivery.v1")]
    Delivery(DeliveryTask),
}

/// The delivery of one message to one endpoint: everything needed except the endpoint itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeliveryTask {
    /// The client.
    pub client_id: ClientId,
    /// The endpoint.
    pub endpoint_id: EndpointId,
    /// The `webhook-id`.
    pub delivery_id: String,
    /// The message kind. A task without one comes from a version that only had notifications.
    #[serde(default)]
    pub message_kind: MessageKind,
    /// The key of the delivery's record, which is stored next to the message.
    pub record: RecordKey,
    /// When the message was accepted, in epoch milliseconds.
    pub accepted_at: i64,
    /// How often the delivery was recovered. Each recovery is a new message for the queue.
    #[serde(default)]
    pub generation: u32,
    /// Whether it may have been sent before: then its record is read before the attempt.
    #[serde(default)]
    pub resend: bool,
    /// Whether it was replayed or recovered: its attempts tell the client.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub replayed: bool,
    /// Whether the message corrects an earlier one. If the body is absent, the stored message says so too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub correction: bool,
    /// The request that caused the message; absent if it is unknown or must be read from the message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<RequestId>,
    /// The trace of that request, if it had one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traceparent: Option<TraceParent>,
    /// The body for the client; absent if it is cheaper to read it from the stored message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload: Option<String>,
}

/// SQS takes messages of up to 1 MiB, and bills each part of this size as a request of its own, when it is sent and again
/// whenever it is received.
const BILLED_BYTES: usize = 64 * 1024;
/// What the other fields of a task need at most, in bytes.
const ENVELOPE_BYTES: usize = 2 * 1024;
/// The most that a byte of JSON becomes as part of a string.
const LONGEST_ESCAPE: usize = 6;

/// Whether a queue message carries a body: if the message is then still billed as one request. A larger body is in the
/// stored message, whose read costs less than a second request, because it is compressed there.
pub fn is_carried(payload: &str) -> bool {
    const MOST: usize = BILLED_BYTES - ENVELOPE_BYTES;
    payload.len() * LONGEST_ESCAPE <= MOST || escaped_bytes(payload) <= MOST
}

fn escaped_bytes(text: &str) -> usize {
    let escaped = |byte: u8| match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 8 | 12 => 2,
        0..=31 => LONGEST_ESCAPE,
        _ => 1,
    };
    text.bytes().map(escaped).sum()
}

/// The key of a delivery's record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordKey {
    /// Partition key.
    pub pk: String,
    /// Sort key.
    pub sk: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn task(payload: String) -> String {
        let endpoint_id: EndpointId = "e".repeat(64).parse().unwrap();
        let request_id = "r".repeat(128).parse().ok();
        serde_json::to_string(&Task::Delivery(DeliveryTask {
            client_id: "c".repeat(64).parse().unwrap(),
            delivery_id: format!("dlv_{}_{endpoint_id}", "d".repeat(100)),
            message_kind: MessageKind::ReturnsProcessingUpdate,
            record: RecordKey {
                pk: "p".repeat(100),
                sk: format!("{}#{endpoint_id}", "s".repeat(100)),
            },
            endpoint_id,
            accepted_at: i64::MAX,
            generation: u32::MAX,
            resend: true,
            replayed: true,
            correction: true,
            request_id,
            traceparent: format!("00-{}-{}-01", "a".repeat(32), "b".repeat(16))
                .parse()
                .ok(),
            payload: Some(payload),
        }))
        .unwrap()
    }

    #[test]
    fn a_message_that_carries_its_body_is_billed_as_one_request() {
        assert!(is_carried("") && is_carried(r#"{"a": 1}"#));
        for part in ["\"", "\\", "\n", "\u{1}", "a", "é", "\"a\u{8}"] {
            let parts = |count: usize| part.repeat(count);
            let counts: Vec<usize> = (0..70_000).collect();
            let most = counts.partition_point(|count| is_carried(&parts(*count))) - 1;
            let carried = task(parts(most)).len();
            assert!(carried <= BILLED_BYTES, "{part:?}: {carried}");
            assert!(
                carried > BILLED_BYTES - 2 * ENVELOPE_BYTES,
                "{part:?}: {carried}"
            );
        }
    }

    #[test]
    fn a_task_contains_its_kind_and_version() {
        let task = Task::Delivery(DeliveryTask {
            client_id: "demo".parse().unwrap(),
            endpoint_id: "sink".parse().unwrap(),
            delivery_id: "dlv_1".to_owned(),
            message_kind: MessageKind::Invoice,
            record: RecordKey {
                pk: "p".to_owned(),
                sk: "s".to_owned(),
            },
            accepted_at: 1,
            generation: 0,
            resend: false,
            replayed: false,
            correction: false,
            request_id: Some("req-1".parse().unwrap()),
            traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
                .parse()
                .ok(),
            payload: Some("{}".to_owned()),
        });
        insta::assert_json_snapshot!(task, @r#"
        {
          "kind": "delivery.v1",
          "clientId": "demo",
          "endpointId": "sink",
          "deliveryId": "dlv_1",
          "messageKind": "INVOICE",
          "record": {
            "pk": "p",
            "sk": "s"
          },
          "acceptedAt": 1,
          "generation": 0,
          "resend": false,
          "requestId": "req-1",
          "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
          "payload": "{}"
        }
        "#);
        assert!(serde_json::from_str::<Task>(r#"{"kind":"delivery.v2"}"#).is_err());
    }

    #[test]
    fn a_task_of_an_earlier_version_is_a_notification_without_a_request_id() {
        let sent = r#"{"kind":"delivery.v1","clientId":"demo","endpointId":"sink","deliveryId":"dlv_1",
            "record":{"pk":"p","sk":"s"},"acceptedAt":1,"generation":0,"resend":false,"payload":"{}"}"#;
        let Task::Delivery(task) = serde_json::from_str(sent).unwrap();
        assert_eq!(task.message_kind, MessageKind::Notification);
        assert_eq!(task.request_id, None);
        assert!(!task.correction);
    }

    #[test]
    fn unknown_fields_of_a_later_version_are_ignored() {
        let sent = r#"{"kind":"delivery.v1","clientId":"demo","endpointId":"sink","deliveryId":"dlv_1",
            "record":{"pk":"p","sk":"s"},"acceptedAt":1,"another":{"field":[1]}}"#;
        assert!(serde_json::from_str::<Task>(sent).is_ok());
    }
}
