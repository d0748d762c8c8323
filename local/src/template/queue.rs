//! An SQS queue of the template.

use std::collections::BTreeMap;

use crate::template::node::Place;
use crate::template::resource::{QueueResource, Redrive};
use crate::template::value::Names;

/// Attributes passed to `CreateQueue` unchanged.
const ATTRIBUTES: &[&str] = &[
    "ContentBasedDeduplication",
    "DeduplicationScope",
    "DelaySeconds",
    "FifoQueue",
    "FifoThroughputLimit",
    "MaximumMessageSize",
    "MessageRetentionPeriod",
    "ReceiveMessageWaitTimeSeconds",
    "SqsManagedSseEnabled",
    "VisibilityTimeout",
];

/// Encryption, permissions and tags have no meaning on one machine.
const IGNORED: &[&str] = &[
    "KmsDataKeyReusePeriodSeconds",
    "KmsMasterKeyId",
    "RedriveAllowPolicy",
    "Tags",
];

pub(super) fn read(
    logical_id: &str,
    properties: &Place<'_>,
    names: &Names,
) -> anyhow::Result<QueueResource> {
    let known: Vec<&str> = [ATTRIBUTES, &["QueueName", "RedrivePolicy"]].concat();
    properties.refuse_unknown(&known, IGNORED)?;
    let mut attributes = BTreeMap::new();
    for attribute in ATTRIBUTES {
        if let Some(value) = properties.get(attribute) {
            attributes.insert((*attribute).to_owned(), value.text()?);
        }
    }
    // CreateQueue refuses `FifoQueue: false`; a standard queue is one without the attribute.
    attributes.retain(|attribute, value| attribute != "FifoQueue" || value == "true");
    Ok(QueueResource {
        logical_id: logical_id.to_owned(),
        name: name(logical_id, Some(properties))?,
        attributes,
        redrive: redrive(properties, names)?,
    })
}

/// The queue's name: `QueueName`, or the logical id, with `.fifo` for a FIFO queue.
pub(super) fn name(logical_id: &str, properties: Option<&Place<'_>>) -> anyhow::Result<String> {
    if let Some(name) = properties.and_then(|properties| properties.get("QueueName")) {
        return name.text();
    }
    let fifo = properties.and_then(|properties| properties.get("FifoQueue"));
    match fifo.map(|flag| flag.flag()).transpose()? {
        Some(true) => Ok(format!("{logical_id}.fifo")),
        Some(false) | None => Ok(logical_id.to_owned()),
    }
}

fn redrive(properties: &Place<'_>, names: &Names) -> anyhow::Result<Option<Redrive>> {
    let Some(policy) = properties.get("RedrivePolicy") else {
        return Ok(None);
    };
    policy.refuse_unknown(&["deadLetterTargetArn", "maxReceiveCount"], &[])?;
    Ok(Some(Redrive {
        queue: names.queue_by_arn(&policy.require("deadLetterTargetArn")?)?,
        maximum_receives: policy.require("maxReceiveCount")?.number()?,
    }))
}
