//! Pushes: both formats, their proof, duplicates, and the table of codes.

mod details;

use crate::aggregators::shipway::Shipway;
use crate::aggregators::shipway::tests::*;
use crate::aggregators::{PushProof, PushRejection, Pushes, Registers, push_proofs};
use crate::contract::fields::{Unreadable, Violation};
use crate::domain::account::LogisticAccount;
use crate::domain::event_kind::EventKind;
use crate::domain::notification::{Identity, Meaning, NotificationType, PushedEvent};
use crate::domain::shipment::ShipmentType;

const CLASSIC: &str = include_str!("../fixtures/push-classic.json");
const SAMPLE: &str = include_str!("../fixtures/push-sample.json");

async fn account() -> LogisticAccount {
    let account = shipway().await.account;
    LogisticAccount {
        proofs: push_proofs(&account, "https://rms.example", None),
        ..account
    }
}

fn read(account: &LogisticAccount, body: &Value) -> Result<Vec<PushedEvent>, PushRejection> {
    Shipway.read_push(account, body.to_string().as_bytes())
}

async fn one(event: Value) -> PushedEvent {
    let mut events = read(&account().await, &event).unwrap();
    assert_eq!(events.len(), 1);
    events.remove(0)
}

/// The violations of a push, by pointer.
async fn wrong(body: &Value) -> Vec<String> {
    let rejection = read(&account().await, body).unwrap_err();
    let PushRejection::Unreadable(Unreadable::Invalid(violations)) = rejection else {
        panic!("{rejection:?}");
    };
    let pointer = |violation: Violation| violation.pointer;
    violations.into_iter().map(pointer).collect()
}

#[tokio::test]
async fn a_classic_batch_is_read_event_by_event() {
    let events = read(&account().await, &json_of(CLASSIC)).unwrap();
    let [out, picked, unknown] = events.as_slice() else {
        panic!("three events")
    };
    assert_eq!(out.shipment.shipment_type(), ShipmentType::Forward);
    assert_eq!(out.shipment.forward_order_code.as_str(), "SO-2041");
    assert_eq!(out.shipment.awb().unwrap().as_str(), "7700112233");
    assert_eq!(out.shipment.carrier_name.as_deref(), Some("Delhivery"));
    assert_eq!(out.pushed_type, "OOD");
    assert_eq!(out.meaning, Meaning::Word(NotificationType::OutForDelivery));
    assert_eq!(out.occurred_at.unwrap().to_string(), "2026-11-23T03:42:00Z");
    assert_eq!(out.aggregator_name.as_str(), "SHIPWAY");
    let identity = r#"["SO-2041","7700112233","OOD","2026-11-23 09:12:00"]"#;
    assert_eq!(out.identity, Identity::Event(identity.to_owned()));

    assert_eq!(picked.shipment.shipment_type(), ShipmentType::Return);
    let returning = picked.shipment.returning.as_ref().unwrap();
    assert_eq!(returning.order_code.as_str(), "RT-77");
    assert_eq!(returning.awb.as_ref().unwrap().as_str(), "5500990011");
    assert_eq!(
        returning.carrier_name.as_deref(),
        Some("Xpressbees Reverse")
    );
    assert_eq!(picked.shipment.forward_order_code.as_str(), "RT-77");
    assert_eq!(picked.shipment.forward_awb, None);
    assert_eq!(
        picked.meaning,
        Meaning::Word(NotificationType::ReturnPickedUp)
    );

    assert_eq!(unknown.meaning, Meaning::Unmapped);
    assert_eq!(unknown.pushed_type, "XYZ");
    assert_eq!(unknown.shipment.forward_awb, None);
    assert!(matches!(unknown.identity, Identity::Digest(_)));
}

#[tokio::test]
async fn each_event_is_stored_separately_and_without_the_hash() {
    let events = read(&account().await, &json_of(CLASSIC)).unwrap();
    let feed = &json_of(CLASSIC)["status_feed"];
    for (index, event) in events.iter().enumerate() {
        let raw = event.raw.as_ref().unwrap();
        assert_eq!(serde_json::from_slice::<Value>(raw).unwrap(), feed[index]);
    }
    let hashed = json!({"hash": "bdca1099e1bcbf30b32a18d9f41113e8", "order_id": "A-1", "current_status": "DEL"});
    let raw = one(hashed).await.raw.unwrap();
    let stored = json!({"order_id": "A-1", "current_status": "DEL"});
    assert_eq!(serde_json::from_slice::<Value>(&raw).unwrap(), stored);
}

#[tokio::test]
async fn the_panels_sample_is_read() {
    let event = one(json_of(SAMPLE)).await;
    assert_eq!(event.shipment.forward_order_code.as_str(), "99999999");
    assert_eq!(event.shipment.shipment_type(), ShipmentType::Forward);
    assert_eq!(event.meaning, Meaning::Word(NotificationType::Delivered));
    assert_eq!(event.occurred_at, None);
    assert_eq!(event.raw, None);
    let again = one(json_of(SAMPLE)).await;
    assert_eq!(event.identity, again.identity);
}

#[tokio::test]
async fn a_wrong_hash_is_refused_and_a_missing_one_is_accepted() {
    let mut account = account().await;
    assert_eq!(Shipway.push_proof(), PushProof::Token { key_header: None });
    let mut push = json_of(CLASSIC);
    push["hash"] = json!("BDCA1099E1BCBF30B32A18D9F41113E8");
    assert!(read(&account, &push).is_ok());
    for hash in [
        json!("bdca"),
        json!(""),
        json!(7),
        json!({}),
        json!("0".repeat(32)),
    ] {
        push["hash"] = hash;
        assert_eq!(read(&account, &push).unwrap_err(), PushRejection::Unproved);
    }
    push["hash"] = Value::Null;
    assert!(read(&account, &push).is_ok());
    account.proofs.body = None;
    assert_eq!(
        read(&account, &json_of(CLASSIC)).unwrap_err(),
        PushRejection::Unproved
    );
}

#[tokio::test]
async fn the_same_event_is_a_duplicate_and_another_time_is_not() {
    let event = json!({"order_id": "A-1", "awbno": "9", "current_status": "OOD", "status_time": "2026-11-23 09:12:00"});
    let first = one(event.clone()).await;
    let mut retold = event.clone();
    retold["scans"] = json!([]);
    retold["awbno"] = json!(9);
    assert_eq!(
        one(json!({"status_feed": [retold]})).await.identity,
        first.identity
    );
    for (field, value) in [
        ("order_id", "A-2"),
        ("awbno", "8"),
        ("current_status", "DEL"),
        ("status_time", "2026-11-24 09:12:00"),
    ] {
        let mut other = event.clone();
        other[field] = json!(value);
        assert_ne!(one(other).await.identity, first.identity, "{field}");
    }
}

#[tokio::test]
async fn a_return_is_recognised_by_its_code_or_its_name() {
    for (order_id, code, shipment_type) in [
        ("A-1", "RDEL", ShipmentType::Return),
        ("A-1+R", "DEL", ShipmentType::Return),
        ("A-1+R+2", "PCAN", ShipmentType::Return),
        ("A-1-.R-.2", "PCAN", ShipmentType::Return),
        ("A-1", "RTO", ShipmentType::Forward),
        ("A-1", "RTD", ShipmentType::Forward),
        ("A-1", "RAD", ShipmentType::Forward),
        ("web+shop", "DEL", ShipmentType::Forward),
    ] {
        let event = one(json!({"order_id": order_id, "current_status": code})).await;
        assert_eq!(
            event.shipment.shipment_type(),
            shipment_type,
            "{order_id} {code}"
        );
    }
    let parcel = one(json!({"order_id": "A-1+Pbox", "current_status": "DEL"})).await;
    assert_eq!(parcel.shipment.forward_order_code.as_str(), "A-1");
    assert_eq!(parcel.shipment.shipment_code.unwrap().as_str(), "box");
}

#[tokio::test]
async fn an_event_without_an_order_id_uses_its_awb() {
    for order_id in [json!(null), json!(""), json!("NA")] {
        let event =
            one(json!({"order_id": order_id, "awbno": "9", "current_status": " DEL "})).await;
        assert_eq!(event.shipment.forward_order_code.as_str(), "9");
        assert_eq!(event.shipment.awb().unwrap().as_str(), "9");
        assert_eq!(event.pushed_type, "DEL");
    }
}

#[tokio::test]
async fn an_unreadable_time_still_distinguishes_events() {
    let event =
        one(json!({"order_id": "A-1", "current_status": "DEL", "status_time": "yesterday"})).await;
    assert_eq!(event.occurred_at, None);
    assert!(matches!(event.identity, Identity::Event(_)));
}

#[tokio::test]
async fn nonsense_is_refused_with_its_pointers() {
    for (body, pointers) in [
        (json!([]), vec![""]),
        (json!({}), vec!["/current_status", "/order_id"]),
        (
            json!({"order_id": "A-1", "current_status": "NA"}),
            vec!["/current_status"],
        ),
        (
            json!({"order_id": true, "current_status": {}}),
            vec!["/current_status", "/order_id"],
        ),
        (
            json!({"order_id": "A\n1", "current_status": "DEL"}),
            vec!["/order_id"],
        ),
        (
            json!({"order_id": 1e22, "awbno": 1.5, "current_status": "DEL"}),
            vec!["/order_id"],
        ),
        (json!({"status_feed": {}}), vec!["/status_feed"]),
        (json!({"status_feed": null}), vec!["/status_feed"]),
        (json!({"status_feed": "DEL"}), vec!["/status_feed"]),
    ] {
        assert_eq!(wrong(&body).await, pointers, "{body}");
    }
    let rejection = Shipway.read_push(&account().await, b"{").unwrap_err();
    assert!(matches!(
        rejection,
        PushRejection::Unreadable(Unreadable::NotJson(_))
    ));
    let empty = read(&account().await, &json!({"status_feed": []})).unwrap();
    assert!(empty.is_empty());
}

#[tokio::test]
async fn an_entry_that_cannot_be_read_does_not_refuse_the_others() {
    let good = json!({"order_id": "A-1", "current_status": "DEL"});
    let bad = json!({"order_id": "A-2", "awbno": "9", "current_status": []});
    let feed = json!([good, 7, {"awbno": "9"}, bad, null, good]);
    let events = read(&account().await, &json!({"status_feed": feed})).unwrap();
    let kinds = events.iter().map(|event| match &event.kind {
        EventKind::News => Vec::new(),
        EventKind::Sample => panic!("{event:?}"),
        EventKind::Unreadable(fields) => {
            fields.iter().map(|field| field.pointer.as_str()).collect()
        }
    });
    let kinds: Vec<Vec<&str>> = kinds.collect();
    assert_eq!(
        kinds,
        [
            vec![],
            vec!["/status_feed/1"],
            vec!["/status_feed/2/current_status"],
            vec!["/status_feed/3/current_status"],
            vec!["/status_feed/4"],
            vec![]
        ]
    );
    let orders = events.iter().map(|event| event.shipment.order_code());
    let orders: Vec<_> = orders.map(ToString::to_string).collect();
    assert_eq!(
        orders,
        ["A-1", "UNREADABLE", "9", "A-2", "UNREADABLE", "A-1"]
    );
    for (event, entry) in events.iter().zip(feed.as_array().unwrap()) {
        let raw = event.raw.as_ref().unwrap();
        assert_eq!(serde_json::from_slice::<Value>(raw).unwrap(), *entry);
    }
    let [_, number, .., nothing, _] = &events[..] else {
        panic!("{events:?}")
    };
    assert_eq!(number.meaning, Meaning::Unmapped);
    assert_eq!(number.pushed_type, "");
    assert_ne!(number.identity, nothing.identity);
    let again = read(&account().await, &json!({"status_feed": [7]})).unwrap();
    assert_eq!(again[0].identity, number.identity);
    assert!(matches!(number.identity, Identity::Event(_)));
}

#[tokio::test]
async fn a_batch_may_be_an_object_that_stands_for_a_list() {
    let event = json!({"order_id": "A-1", "current_status": "DEL"});
    for feed in [json!({"7": event, "8": event}), json!([event, event])] {
        let events = read(&account().await, &json!({"status_feed": feed})).unwrap();
        assert_eq!(events.len(), 2);
    }
    let alone = one(json!({"status_feed": event})).await;
    assert_eq!(alone.pushed_type, "DEL");
}

#[tokio::test]
async fn an_id_that_cannot_be_read_is_named_if_the_other_can() {
    let event = one(json!({"order_id": "A-1", "awbno": "9".repeat(101), "current_status": "DEL"}));
    let event = event.await;
    assert_eq!(event.shipment.awb(), None);
    assert_eq!(event.details["Not Read"].expose(), "awbno");
    let event = one(json!({"order_id": ["A-1"], "awbno": "9", "current_status": "DEL"})).await;
    assert_eq!(event.shipment.forward_order_code.as_str(), "9");
    assert_eq!(event.details["Not Read"].expose(), "order_id");
}

#[tokio::test]
async fn only_the_panels_own_sample_is_a_test() {
    assert_eq!(one(json_of(SAMPLE)).await.kind, EventKind::Sample);
    let hash = "bdca1099e1bcbf30b32a18d9f41113e8";
    for news in [
        json!({"order_id": "99999999", "current_status": "DEL", "hash": hash}),
        json!({"order_id": "99999999", "current_status": "DEL", "awbno": "7"}),
        json!({"order_id": "99999998", "current_status": "DEL"}),
        json!({"order_id": "99999999", "current_status": "INT"}),
        json!({"status_feed": [{"order_id": "99999999", "current_status": "DEL"}]}),
    ] {
        assert_eq!(one(news.clone()).await.kind, EventKind::News, "{news}");
    }
}

#[tokio::test]
async fn a_large_batch_is_read_completely() {
    let event = json!({"order_id": "A-1", "current_status": "DEL"});
    let events = read(&account().await, &json!({"status_feed": vec![event; 1200]})).unwrap();
    assert_eq!(events.len(), 1200);
}

#[test]
fn the_whole_table_of_codes() {
    let line = |status: &crate::aggregators::status::AggregatorStatus| {
        let word = |meaning: Meaning| match meaning {
            Meaning::Word(word) | Meaning::Mapped(word) => word.to_string(),
            Meaning::Ignored => "ignored".to_owned(),
            Meaning::Unmapped => "unmapped".to_owned(),
        };
        let is_return = crate::aggregators::shipway::status::is_of_returns(&status.code);
        let kind = if is_return { "return" } else { "either" };
        let (forward, returning) = (word(status.forward), word(status.returning));
        format!(
            "{} {} ({}, {kind}): {forward} / {returning}",
            status.table, status.code, status.name
        )
    };
    let table: Vec<String> = Shipway.statuses().iter().map(line).collect();
    insta::assert_snapshot!(table.join("\n"));
}

#[tokio::test]
async fn every_code_of_the_table_is_read_as_the_table_says() {
    for status in Shipway.statuses() {
        let event = one(json!({"order_id": "A-1", "current_status": status.code})).await;
        let meaning = match event.shipment.shipment_type() {
            ShipmentType::Forward => status.forward,
            ShipmentType::Return => status.returning,
        };
        assert_eq!(event.meaning, meaning);
        let is_word = meaning.word().is_some();
        assert_ne!(is_word, ["NFI", "NFIDS", "ROTH"].contains(&&*status.code));
    }
}

#[tokio::test]
async fn an_unclear_code_is_unmapped() {
    for (code, meaning) in [
        ("NFIDS", Meaning::Unmapped),
        ("ROTH", Meaning::Unmapped),
        ("NFI", Meaning::Ignored),
    ] {
        let event = one(json!({"order_id": "A-1", "current_status": code})).await;
        assert_eq!(event.meaning, meaning, "{code}");
    }
}
