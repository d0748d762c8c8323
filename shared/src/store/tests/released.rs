//! What released versions wrote: two versions work on the same queues and tables while a deployment shifts traffic, and a
//! message may wait for two weeks.
//!
//! Each sample in `tests/released/` is read, and written again. Whatever it had must be there again, since the version that
//! wrote it reads what this one writes.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::domain::channel_order::history::OrderHistory;
use crate::domain::claim_record::ShipmentRecord;
use crate::domain::delivery::DeliveryRecord;
use crate::domain::facts::ShipmentFacts;
use crate::domain::fulfilling::event::DatedFulfilmentEvent;
use crate::domain::returning::event::DatedReturnEvent;
use crate::domain::returning::return_order::ReturnOrder;
use crate::domain::selling::manifest::Manifest;
use crate::queue::return_reading::ReturnReading;
use crate::queue::task::Task;
use crate::store::booking::account_standings::StandingItem;
use crate::store::booking::kept_requests::KeptRequest;
use crate::store::booking::sessions::SessionItem;
use crate::store::channelling::channel_orders::ChannelOrderItem;
use crate::store::channelling::manifests::ManifestItem;
use crate::store::channelling::told_orders::ToldOrder;
use crate::store::configuring::accounts::AccountItem;
use crate::store::configuring::api_keys::ApiKeyItem;
use crate::store::configuring::audit::AuditItem;
use crate::store::configuring::channel_accounts::ChannelAccountItem;
use crate::store::configuring::endpoints::EndpointItem;
use crate::store::configuring::key_uses::KeyUseItem;
use crate::store::configuring::push_credentials::PushCredential;
use crate::store::delivering::parked::ParkedDelivery;
use crate::store::fulfilling::order_item::OutboundOrderItem;
use crate::store::fulfilling::outbound_orders::OutboundEventItem;
use crate::store::fulfilling::reports::KeptReport;
use crate::store::items::from_item;
use crate::store::messaging::messages::StoredMessage;
use crate::store::notifying::notifications::StoredNotification;
use crate::store::packed::unpack_json;
use crate::store::returning::return_orders::{ReturnEventItem, ReturnOrderItem};

/// A finder of a shipment: by AWB, or by the aggregator's order id.
#[derive(Serialize, Deserialize)]
struct Finder {
    facts: ShipmentFacts,
}

type Rewrite = fn(&Value) -> Value;

/// What reads a sample and writes it again, by the sample's folder and name.
const READERS: [(&str, Rewrite); 33] = [
    ("queue/delivery", message::<Task>),
    ("queue/delivery-without-a-body", message::<Task>),
    ("queue/return-reading", reading),
    ("items/account", item::<AccountItem>),
    ("items/account-standing", item::<StandingItem>),
    ("items/api-key", item::<ApiKeyItem>),
    ("items/audit", item::<AuditItem>),
    ("items/channel-account", item::<ChannelAccountItem>),
    (
        "items/channel-order",
        packed::<ChannelOrderItem, OrderHistory>,
    ),
    ("items/delivery", item::<DeliveryRecord>),
    ("items/endpoint", item::<EndpointItem>),
    ("items/key-use", item::<KeyUseItem>),
    ("items/manifest", packed::<ManifestItem, Manifest>),
    ("items/message", item::<StoredMessage>),
    ("items/notification", item::<StoredNotification>),
    ("items/notification-by-rms", item::<StoredNotification>),
    ("items/notification-unmapped", item::<StoredNotification>),
    (
        "items/outbound-event",
        packed::<OutboundEventItem, DatedFulfilmentEvent>,
    ),
    ("items/outbound-order", item::<OutboundOrderItem>),
    ("items/outbound-report", item::<KeptReport>),
    ("items/parked-delivery", item::<ParkedDelivery>),
    ("items/push-credential", item::<PushCredential>),
    ("items/request", item::<KeptRequest>),
    (
        "items/return-event",
        packed::<ReturnEventItem, DatedReturnEvent>,
    ),
    ("items/return-order", packed::<ReturnOrderItem, ReturnOrder>),
    ("items/session", item::<SessionItem>),
    ("items/shipment", item::<ShipmentRecord>),
    ("items/shipment-cancelled", item::<ShipmentRecord>),
    ("items/shipment-finder", item::<Finder>),
    ("items/shipment-observed", item::<ShipmentRecord>),
    ("items/shipment-refused", item::<ShipmentRecord>),
    ("items/shipment-uncertain", item::<ShipmentRecord>),
    ("items/told-order", item::<ToldOrder>),
];

/// The attributes that are compressed JSON.
const PACKED: [&str; 4] = ["event", "history", "manifest", "order"];

/// Attributes that a store adds to an item: its key, its version and its entries in indexes.
const OF_THE_STORE: [&str; 13] = [
    "pk",
    "sk",
    "version",
    "openOf",
    "openAt",
    "doubtOf",
    "doubtAt",
    "undeliveredOf",
    "undeliveredAt",
    "uncertain",
    "uncertainAt",
    "kindOf",
    "kindAt",
];

fn message<T: DeserializeOwned + Serialize>(sample: &Value) -> Value {
    let read: T = serde_json::from_value(sample.clone()).unwrap();
    serde_json::to_value(read).unwrap()
}

fn reading(sample: &Value) -> Value {
    let read = ReturnReading::parse(&sample.to_string()).unwrap();
    let mut written = serde_json::to_value(read).unwrap();
    written["kind"] = json!("return.v1");
    written
}

fn item<T: DeserializeOwned + Serialize>(sample: &Value) -> Value {
    let attributes = sample.as_object().unwrap().iter();
    let attributes = attributes.map(|(name, value)| (name.clone(), attribute(value)));
    let attributes: HashMap<String, AttributeValue> = attributes.collect();
    let read: T = from_item(attributes).unwrap();
    let written: HashMap<String, AttributeValue> = serde_dynamo::to_item(read).unwrap();
    let written = written
        .iter()
        .map(|(name, value)| (name.clone(), json_of(value)));
    Value::Object(written.collect())
}

/// An item with a value that is packed. It is compared as JSON: not all versions need to compress it in the same way.
fn packed<T: DeserializeOwned + Serialize, V: DeserializeOwned + Serialize>(
    sample: &Value,
) -> Value {
    let mut written = item::<T>(sample);
    for name in PACKED {
        if let Some(bytes) = written.get_mut(name) {
            let value: V = serde_json::from_value(unpacked(bytes)).unwrap();
            *bytes = serde_json::to_value(value).unwrap();
        }
    }
    written
}

/// The JSON in a packed attribute.
fn unpacked(bytes: &Value) -> Value {
    let bytes = STANDARD.decode(bytes["B"].as_str().unwrap()).unwrap();
    unpack_json(&bytes).unwrap()
}

/// Reads DynamoDB's JSON.
fn attribute(json: &Value) -> AttributeValue {
    let (kind, json) = json.as_object().unwrap().iter().next().unwrap();
    let text = || json.as_str().unwrap().to_owned();
    match kind.as_str() {
        "S" => AttributeValue::S(text()),
        "N" => AttributeValue::N(text()),
        "B" => AttributeValue::B(Blob::new(STANDARD.decode(text()).unwrap())),
        "BOOL" => AttributeValue::Bool(json.as_bool().unwrap()),
        "NULL" => AttributeValue::Null(json.as_bool().unwrap()),
        "L" => AttributeValue::L(json.as_array().unwrap().iter().map(attribute).collect()),
        "M" => {
            let entries = json.as_object().unwrap().iter();
            let entries = entries.map(|(name, value)| (name.clone(), attribute(value)));
            AttributeValue::M(entries.collect())
        }
        other => panic!("the samples have no type {other}"),
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a foreign type: the samples have only these kinds"
)]
fn json_of(value: &AttributeValue) -> Value {
    match value {
        AttributeValue::S(text) => json!({ "S": text }),
        AttributeValue::N(number) => json!({ "N": number }),
        AttributeValue::B(bytes) => json!({ "B": STANDARD.encode(bytes) }),
        AttributeValue::Bool(flag) => json!({ "BOOL": flag }),
        AttributeValue::Null(flag) => json!({ "NULL": flag }),
        AttributeValue::L(list) => {
            let list: Vec<_> = list.iter().map(json_of).collect();
            json!({ "L": list })
        }
        AttributeValue::M(map) => {
            let map: BTreeMap<_, _> = map.iter().map(|(name, one)| (name, json_of(one))).collect();
            json!({ "M": map })
        }
        other => panic!("the samples have no {other:?}"),
    }
}

/// Where the sample has something that was not written again.
fn missing(sample: &Value, written: &Value, place: &str, found: &mut Vec<String>) {
    match (sample, written) {
        (Value::Object(had), Value::Object(has)) => {
            for (name, value) in had {
                let place = format!("{place}/{name}");
                match has.get(name) {
                    Some(again) => missing(value, again, &place, found),
                    None => found.push(place),
                }
            }
        }
        (Value::Array(had), Value::Array(has)) if had.len() == has.len() => {
            for (index, (value, again)) in had.iter().zip(has).enumerate() {
                missing(value, again, &format!("{place}/{index}"), found);
            }
        }
        _ if sample == written => {}
        _ => found.push(place.to_owned()),
    }
}

/// The samples of all versions: version, folder and name, content.
fn samples() -> Vec<(String, String, Value)> {
    let mut samples = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/released");
    for version in entries(&root) {
        for folder in entries(&version) {
            for file in entries(&folder) {
                let name = format!("{}/{}", stem(&folder), stem(&file));
                let content = serde_json::from_str(&fs::read_to_string(&file).unwrap());
                let version = version.file_name().unwrap().to_string_lossy();
                samples.push((version.into_owned(), name, content.unwrap()));
            }
        }
    }
    samples
}

fn entries(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).unwrap();
    let mut entries: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap().to_string_lossy().into_owned()
}

#[test]
fn everything_that_a_release_wrote_is_read_and_can_be_read_by_it() {
    let samples = samples();
    assert!(!samples.is_empty());
    for (version, name, sample) in &samples {
        let reader = READERS.iter().find(|(known, _)| known == name);
        let (_, rewrite) = reader.unwrap_or_else(|| panic!("{version}/{name} has no reader"));
        let mut sample = sample.clone();
        let written = rewrite(&sample);
        for name in OF_THE_STORE {
            sample.as_object_mut().unwrap().remove(name);
        }
        for name in PACKED {
            if sample[name]["B"].is_string() {
                sample[name] = unpacked(&sample[name]);
            }
        }
        let mut found = Vec::new();
        missing(&sample, &written, "", &mut found);
        assert!(
            found.is_empty(),
            "{version}/{name}: missing or changed: {found:?}"
        );
    }
}

#[test]
fn every_shape_has_a_sample_of_the_newest_release() {
    let samples = samples();
    let newest = samples.iter().map(|(version, ..)| version).max().unwrap();
    for (reader, _) in READERS {
        let has = |sample: &&(String, String, Value)| sample.0 == *newest && sample.1 == reader;
        assert!(
            samples.iter().any(|sample| has(&sample)),
            "{newest}/{reader}"
        );
    }
}

#[test]
fn a_field_that_is_not_written_again_is_found() {
    let sample = json!({ "kept": 1, "list": [{ "lost": 1 }], "changed": "a" });
    let written = json!({ "kept": 1, "list": [{}], "changed": "b", "new": 1 });
    let mut found = Vec::new();
    missing(&sample, &written, "", &mut found);
    found.sort();
    assert_eq!(found, ["/changed", "/list/0/lost"]);
}

#[test]
fn a_stored_notification_has_the_push_and_behind_it_its_body() {
    let sample = include_str!("../../../tests/released/0.1.0/items/notification.json");
    let sample: Value = serde_json::from_str(sample).unwrap();
    let attributes = sample.as_object().unwrap().iter();
    let attributes = attributes.map(|(name, value)| (name.clone(), attribute(value)));
    let attributes: HashMap<String, AttributeValue> = attributes.collect();
    let stored: StoredNotification = serde_dynamo::from_item(attributes).unwrap();
    let pushed: Value = serde_json::from_slice(&stored.raw().unwrap()).unwrap();
    let body: Value = serde_json::from_str(&stored.payload().unwrap().unwrap()).unwrap();
    assert_eq!(pushed["logisticAggregatorName"], "NARVAR");
    assert_eq!(pushed["forwardAwb"], body["forwardAwb"]);
    assert_eq!(body["courierName"], Value::Null);
}
