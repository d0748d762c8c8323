//! Whatever is sent, by Shiprocket or others: no parser panics, and accepted pushes have an id and a code.

use jiff::civil::date;
use proptest::prelude::*;

use crate::aggregators::shiprocket::book::{AwbAssignment, assignment, label};
use crate::aggregators::shiprocket::order::kept::{AssignedAwb, OrderIds, kept_order};
use crate::aggregators::shiprocket::order::{OrderCreation, creation};
use crate::aggregators::shiprocket::push;
use crate::aggregators::shiprocket::recommend::couriers;
use crate::aggregators::shiprocket::tests::*;
use crate::outbound::client::Reply;

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        prop_oneof![
            Just("NA".to_owned()),
            Just(String::new()),
            "[0-9]{1,12}",
            ".{0,20}"
        ]
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map("[a-z_]{1,12}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Object(map) => map
            .iter()
            .for_each(|(name, inner)| pointers(inner, &format!("{at}/{name}"), found)),
        Value::Array(list) => {
            for (index, inner) in list.iter().enumerate() {
                pointers(inner, &format!("{at}/{index}"), found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// A body with some values removed, replaced or changed to another type.
fn mutated(fixture: &'static str) -> impl Strategy<Value = Value> {
    let change = (
        any::<proptest::sample::Index>(),
        proptest::option::of(any_json()),
    );
    proptest::collection::vec(change, 1..5).prop_map(|changes| {
        let mut body = json_of(fixture);
        for (index, change) in changes {
            let mut places = Vec::new();
            pointers(&body, "", &mut places);
            change_at(&mut body, index.get::<String>(&places), change);
        }
        body
    })
}

fn change_at(body: &mut Value, place: &str, change: Option<Value>) {
    if let Some(value) = change {
        *body.pointer_mut(place).unwrap() = value;
    } else if let Some((parent, name)) = place.rsplit_once('/') {
        match body.pointer_mut(parent).unwrap() {
            Value::Object(map) => drop(map.remove(name)),
            Value::Array(list) => drop(list.remove(name.parse().unwrap())),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
}

fn foreign(fixtures: &'static [&'static str]) -> impl Strategy<Value = Value> {
    let mutated = proptest::sample::select(fixtures).prop_flat_map(mutated);
    prop_oneof![4 => mutated, 1 => any_json()]
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

proptest! {
    #[test]
    fn a_push_that_is_accepted_has_an_id_and_a_code(body in foreign(&[PUSH_2023, PUSH_2021])) {
        if let Ok(event) = push::read(body.to_string().as_bytes()) {
            prop_assert!(!event.shipment.order_code().as_str().is_empty());
            prop_assert!(event.pushed_type.len() > 1);
        }
    }

    #[test]
    fn random_bytes_are_not_a_push(body in proptest::collection::vec(any::<u8>(), 0..64)) {
        let _ = push::read(&body);
    }

    #[test]
    fn no_response_panics_its_parser(
        body in foreign(&[CREATED, ASSIGNED, NOT_ASSIGNED, LABEL, SERVING, TAKEN, SHOWN]),
        status in proptest::sample::select(&[200_u16, 204, 400, 404, 422][..]),
    ) {
        let reply = reply(status, &body);
        if let Ok(OrderCreation::Order(order)) = creation(&reply) {
            prop_assert_eq!(OrderIds::unpacked(&order.ids.packed()), Some(order.ids));
        }
        if let Ok(AwbAssignment::Now(assigned)) = assignment(&reply) {
            prop_assert_eq!(AssignedAwb::unpacked(&assigned.packed()), Some(assigned));
        }
        let _ = (couriers(&reply, Region::Domestic, date(2026, 11, 21)), label(&reply), kept_order(&body), crate::aggregators::shiprocket::refusal::of(&reply));
        let _ = body.get("data").map(kept_order);
    }
}
