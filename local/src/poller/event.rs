//! Builds the event of a batch of messages as Lambda does.

use std::collections::BTreeMap;

use aws_sdk_sqs::types::{Message, MessageAttributeValue};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::region::REGION;

pub(super) fn build(batch: &[Message], queue_arn: &str) -> Value {
    let records: Vec<Value> = batch
        .iter()
        .map(|message| record(message, queue_arn))
        .collect();
    json!({ "Records": records })
}

fn record(message: &Message, queue_arn: &str) -> Value {
    let attributes: BTreeMap<&str, &str> = message
        .attributes
        .iter()
        .flatten()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let message_attributes: BTreeMap<&str, Value> = message
        .message_attributes
        .iter()
        .flatten()
        .map(|(name, value)| (name.as_str(), message_attribute(value)))
        .collect();
    let mut record = json!({
        "messageId": message.message_id(),
        "receiptHandle": message.receipt_handle(),
        "body": message.body().unwrap_or_default(),
        "attributes": attributes,
        "messageAttributes": message_attributes,
        "md5OfBody": message.md5_of_body(),
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_arn,
        "awsRegion": REGION,
    });
    if let (Some(md5), Some(record)) = (message.md5_of_message_attributes(), record.as_object_mut())
    {
        record.insert("md5OfMessageAttributes".to_owned(), json!(md5));
    }
    record
}

fn message_attribute(attribute: &MessageAttributeValue) -> Value {
    let mut value = json!({
        "dataType": attribute.data_type(),
        "stringListValues": [],
        "binaryListValues": [],
    });
    let Some(object) = value.as_object_mut() else {
        return value;
    };
    if let Some(text) = attribute.string_value() {
        object.insert("stringValue".to_owned(), json!(text));
    }
    if let Some(bytes) = attribute.binary_value() {
        let encoded = STANDARD.encode(bytes.as_ref());
        object.insert("binaryValue".to_owned(), json!(encoded));
    }
    value
}
