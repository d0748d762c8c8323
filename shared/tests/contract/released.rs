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
use logistics::domain::claim_record::ShipmentRecord;
use logistics::domain::delivery::DeliveryRecord;
use logistics::domain::facts::ShipmentFacts;
use logistics::queue::return_reading::ReturnReading;
use logistics::queue::task::Task;
use logistics::store::configuring::accounts::AccountItem;
use logistics::store::configuring::channel_accounts::ChannelAccountItem;
use logistics::store::configuring::endpoints::EndpointItem;
use logistics::store::notifying::notifications::StoredNotification;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A finder of a shipment: by AWB, or by the aggregator's order id.
#[derive(Serialize, Deserialize)]
struct Finder {
    facts: ShipmentFacts,
}

type Rewrite = fn(&Value) -> Value;

/// What reads a sample and writes it again, by the sample's folder and name.
const READERS: [(&str, Rewrite); 11] = [
    ("queue/delivery", message::<Task>),
    ("queue/delivery-without-a-body", message::<Task>),
    ("queue/return-reading", reading),
    ("items/account", item::<AccountItem>),
    ("items/channel-account", item::<ChannelAccountItem>),
    ("items/delivery", item::<DeliveryRecord>),
    ("items/endpoint", item::<EndpointItem>),
    ("items/notification", item::<StoredNotification>),
    ("items/shipment", item::<ShipmentRecord>),
    ("items/shipment-finder", item::<Finder>),
    ("items/shipment-refused", item::<ShipmentRecord>),
];

/// Attributes that a store adds to an item: its key, its version and its entries in indexes.
const OF_THE_STORE: [&str; 9] = [
    "pk",
    "sk",
    "version",
    "openOf",
    "openAt",
    "doubtOf",
    "doubtAt",
    "undeliveredOf",
    "undeliveredAt",
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
    let read: T = serde_dynamo::from_item(attributes).unwrap();
    let written: HashMap<String, AttributeValue> = serde_dynamo::to_item(read).unwrap();
    let written = written
        .iter()
        .map(|(name, value)| (name.clone(), json_of(value)));
    Value::Object(written.collect())
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
    let sample = include_str!("../released/0.1.0/items/notification.json");
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
