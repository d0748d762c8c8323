//! Whatever a body contains, parsing it ends, and accepted values are valid.

use std::sync::LazyLock;

use proptest::prelude::*;
use secrecy::SecretString;

use crate::aggregators::Pushes;
use crate::aggregators::shipway::Shipway;
use crate::aggregators::shipway::book::answer::{BookingAnswer, created};
use crate::aggregators::shipway::cancel::{judge_order, judge_shipment};
use crate::aggregators::shipway::look_up::read_orders;
use crate::aggregators::shipway::recommend::{carriers, ranked, read_rates};
use crate::aggregators::shipway::tests::*;
use crate::domain::account::{LogisticAccount, Region};
use crate::domain::shipment::ShipmentType;
use crate::domain::status_mappings::StatusMappings;
use crate::domain::text::AggregatorOrderId;
use crate::outbound::client::Reply;

const CLASSIC: &str = include_str!("../fixtures/push-classic.json");
const SAMPLE: &str = include_str!("../fixtures/push-sample.json");
const CARRIERS: &str = include_str!("../fixtures/carriers.json");
const RATES: &str = include_str!("../fixtures/rates.json");

static ACCOUNT: LazyLock<LogisticAccount> = LazyLock::new(|| LogisticAccount {
    client_id: "client-1".parse().unwrap(),
    alias: "account-1".parse().unwrap(),
    aggregator: "SHIPWAY".parse().unwrap(),
    region: Region::Domestic,
    credentials: [("email", "ops@example.com"), ("licenseKey", "k3y")]
        .map(|(name, value)| (name.to_owned(), SecretString::from(value)))
        .into(),
    urls: std::collections::BTreeMap::new(),
    settings: std::collections::BTreeMap::new(),
    warehouses: std::collections::BTreeMap::new(),
    default_courier: None,
    notifications_enabled: true,
    status_mappings: StatusMappings::default(),
    proofs: crate::domain::proof::PushProofs::default(),
    push_name: None,
});

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[ -~ü\\n]{0,12}".prop_map(Value::from),
        prop_oneof![
            Just("DEL"),
            Just("NA"),
            Just("0"),
            Just("success"),
            Just("No orders found"),
            Just("RT-77+R")
        ]
        .prop_map(Value::from),
    ];
    let name = prop_oneof![
        Just("order_id".to_owned()),
        Just("awbno".to_owned()),
        Just("current_status".to_owned()),
        Just("status_feed".to_owned()),
        Just("success".to_owned()),
        Just("message".to_owned()),
        Just("awb_response".to_owned()),
        Just("AWB".to_owned()),
        "[a-z]{1,6}",
    ];
    leaf.prop_recursive(3, 24, 5, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map(name.clone(), inner, 0..5)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// A mutation of one value of a body.
#[derive(Debug, Clone)]
enum Change {
    Replace(Value),
    Remove,
    Retype,
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        any_json().prop_map(Change::Replace),
        Just(Change::Remove),
        Just(Change::Retype),
    ]
}

/// All pointers of a body.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Object(fields) => {
            for (name, inner) in fields {
                places(inner, &format!("{at}/{name}"), found);
            }
        }
        Value::Array(entries) => {
            for (index, inner) in entries.iter().enumerate() {
                places(inner, &format!("{at}/{index}"), found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn changed(mut body: Value, changes: &[(prop::sample::Index, Change)]) -> Value {
    for (index, change) in changes {
        let mut found = Vec::new();
        places(&body, "", &mut found);
        let pointer = index.get(&found).clone();
        match change {
            Change::Replace(value) => *body.pointer_mut(&pointer).unwrap() = value.clone(),
            Change::Retype => {
                let place = body.pointer_mut(&pointer).unwrap();
                *place = match place.as_str().map(str::parse::<i64>) {
                    Some(Ok(number)) => json!(number),
                    Some(Err(_)) => json!([place]),
                    None => json!(place.to_string()),
                };
            }
            Change::Remove => {
                let Some((parent, name)) = pointer.rsplit_once('/') else {
                    continue;
                };
                match body.pointer_mut(parent).unwrap() {
                    Value::Object(fields) => {
                        fields.remove(name);
                    }
                    Value::Array(entries) => {
                        entries.remove(name.parse().unwrap());
                    }
                    Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
                }
            }
        }
    }
    body
}

/// A valid body with a few mutations, or any JSON.
fn bodies(valid: &[&str]) -> impl Strategy<Value = Value> {
    let valid: Vec<Value> = valid.iter().map(|text| json_of(text)).collect();
    let changes = proptest::collection::vec((any::<prop::sample::Index>(), change()), 0..4);
    let mutated =
        (prop::sample::select(valid), changes).prop_map(|(body, changes)| changed(body, &changes));
    prop_oneof![3 => mutated, 1 => any_json()]
}

fn reply(status: u16, body: &Value) -> Reply {
    Reply {
        status,
        retry_after: None,
        content_type: None,
        body: body.to_string().into_bytes(),
        truncated: false,
    }
}

fn order_id() -> AggregatorOrderId {
    "SO-2042".parse().unwrap()
}

proptest! {
    #[test]
    fn an_accepted_push_has_an_id_and_a_code(body in bodies(&[CLASSIC, SAMPLE])) {
        if let Ok(events) = Shipway.read_push(&ACCOUNT, body.to_string().as_bytes()) {
            for event in events {
                prop_assert!(!event.shipment.order_code().as_str().is_empty());
                prop_assert_eq!(event.pushed_type.is_empty(), event.kind.is_unreadable());
                if let Some(raw) = event.raw {
                    prop_assert!(!String::from_utf8(raw).unwrap().contains("bdca1099"));
                }
            }
        }
    }

    #[test]
    fn a_push_of_any_bytes_is_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
        let _ = Shipway.read_push(&ACCOUNT, &bytes);
    }

    #[test]
    fn an_answer_to_a_booking_books_only_with_an_awb(
        body in bodies(&[BOOKED, AWB_REFUSED, RETURN_BOOKED]),
        status in prop_oneof![Just(200_u16), Just(201), Just(400)],
        is_return: bool,
    ) {
        let shipment_type = if is_return { ShipmentType::Return } else { ShipmentType::Forward };
        if let BookingAnswer::Booked(booking) = created(&reply(status, &body), &order_id(), shipment_type) {
            prop_assert!(!booking.awb.as_str().is_empty());
            prop_assert!(body.get("awb_response").is_some());
        }
    }

    #[test]
    fn every_other_response_is_parsed_or_refused(
        body in bodies(&[ORDERS, CARRIERS, RATES, "[{\"order_id\": \"SO-2042\", \"success\": 1}]"]),
        status in prop_oneof![Just(200_u16), Just(404)],
    ) {
        let reply = reply(status, &body);
        let _ = read_orders(&reply, &order_id(), ShipmentType::Forward);
        let _ = judge_order(&reply, "SO-2042");
        let _ = judge_shipment(&reply, &"7700112233".parse().unwrap());
        let rates = read_rates(&reply).unwrap_or_default();
        if let Ok(carriers) = carriers(&reply) {
            let count = carriers.len();
            prop_assert_eq!(ranked(carriers, &rates).len(), count);
        }
    }
}
