//! Which shipment a push resolves to, and what the client gets.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::domain::booking::MetaData;
use crate::domain::claim::Standing;
use crate::domain::facts::ShipmentFacts;
use crate::domain::notification::{
    AggregatorLabel, Identity, Meaning, Notification, NotificationType, NotifiedItem, PushedEvent,
    PushedReturn, PushedShipment,
};
use crate::domain::shipment::ShipmentType;
use crate::domain::text::{AccountAlias, ClientId};
use crate::flows::notifying::resolve_shipment::{Resolved, candidates, first, identity, items};
use crate::store::booking::shipments::FoundShipment;
use crate::store::keys::{by_awb, by_order_id};

fn alias() -> AccountAlias {
    "magic".parse().unwrap()
}

fn client() -> ClientId {
    "client-1".parse().unwrap()
}

/// A push of a shipment in transit, with only codes and AWBs.
fn event(returning: Option<PushedReturn>) -> PushedEvent {
    PushedEvent {
        identity: Identity::Event("event-1".to_owned()),
        shipment: PushedShipment {
            forward_order_code: "order-1".parse().unwrap(),
            shipment_code: None,
            forward_awb: None,
            carrier_name: None,
            returning,
        },
        pushed_type: "IN_TRANSIT".to_owned(),
        meaning: Meaning::Word(NotificationType::Transit),
        occurred_at: None,
        aggregator_name: AggregatorLabel::Pushed("NARVAR".to_owned()),
        warehouse: None,
        items: Vec::new(),
        meta_data: MetaData::new(),
        own_ids: std::collections::BTreeMap::new(),
        raw: None,
    }
}

fn pushed_return() -> PushedReturn {
    PushedReturn {
        order_code: "return-1".parse().unwrap(),
        awb: None,
        carrier_name: None,
    }
}

fn known(shipment_type: ShipmentType, order_number: &str) -> FoundShipment {
    FoundShipment {
        facts: ShipmentFacts {
            order_number: order_number.parse().unwrap(),
            shipment_code: Some(format!("code-{order_number}").parse().unwrap()),
            shipment_type,
            alias: alias(),
            aggregator: "OTHER".parse().unwrap(),
            order_id: Some("11012".parse().unwrap()),
            awb: Some(format!("awb-{order_number}").parse().unwrap()),
            carrier_name: Some(format!("courier of {order_number}")),
            warehouse: Some(format!("wh-{order_number}").parse().unwrap()),
            ordered_at: Some(1_647_414_062),
            items: goods(&[(Some("1"), "sku-1", 2)]),
            meta_data: MetaData::new(),
        },
        standing: Some(Standing::Booked),
        holder: Some("holder-1".to_owned()),
    }
}

fn resolved(
    event: &PushedEvent,
    moving: Option<FoundShipment>,
    forward: Option<FoundShipment>,
) -> Resolved {
    Resolved {
        id: identity(&client(), event, moving.as_ref()),
        moving,
        forward,
    }
}

fn told(resolved: &Resolved, event: &PushedEvent) -> Notification {
    resolved.notification(event, NotificationType::Transit, Timestamp::UNIX_EPOCH)
}

#[test]
fn a_code_is_an_order_number_then_an_order_id_and_the_awb_comes_last() {
    let mut event = event(None);
    event.shipment.forward_awb = Some("awb-1".parse().unwrap());
    let keys = candidates(&client(), &alias(), &event, ShipmentType::Forward);
    let awb = "awb-1".parse().unwrap();
    let forward = ShipmentType::Forward;
    assert_eq!(
        keys,
        [
            identity(&client(), &event, None).key(),
            by_order_id(&client(), "order-1", &alias(), forward),
            by_awb(&client(), &awb, &alias(), forward),
        ]
    );
    let hit = |order_number| known(forward, order_number);
    let found: BTreeMap<_, _> = keys.iter().cloned().zip(["a", "b", "c"].map(hit)).collect();
    let first = first(&found, &keys).unwrap();
    assert_eq!(first.facts.order_number.as_str(), "a");
}

#[test]
fn missing_fields_are_filled_from_the_forward_shipment() {
    let mut event = event(None);
    event.shipment.forward_order_code = "11012".parse().unwrap();
    let moving = known(ShipmentType::Forward, "order-1");
    let resolved = resolved(&event, Some(moving), None);
    let told = told(&resolved, &event);
    assert_eq!(resolved.id.order_number.as_str(), "order-1");
    assert_eq!(told.forward_order.as_str(), "order-1");
    assert_eq!(told.shipment_code.unwrap().as_str(), "code-order-1");
    assert_eq!(told.forward_awb.unwrap().as_str(), "awb-order-1");
    assert_eq!(told.carrier_name.as_deref(), Some("courier of order-1"));
    assert_eq!(told.warehouse.unwrap().as_str(), "wh-order-1");
    assert_eq!(told.items, goods(&[(Some("1"), "sku-1", 2)]));
    assert_eq!(told.returning, None);
}

#[test]
fn a_return_has_its_own_awb_and_that_of_its_forward_order() {
    let event = event(Some(pushed_return()));
    let moving = known(ShipmentType::Return, "return-1");
    let forward = known(ShipmentType::Forward, "order-1");
    let resolved = resolved(&event, Some(moving), Some(forward));
    let told = told(&resolved, &event);
    let returning = told.returning.unwrap();
    assert_eq!(told.forward_order.as_str(), "order-1");
    assert_eq!(told.forward_awb.unwrap().as_str(), "awb-order-1");
    assert_eq!(told.carrier_name.as_deref(), Some("courier of order-1"));
    assert_eq!(returning.number.as_str(), "return-1");
    assert_eq!(returning.awb.unwrap().as_str(), "awb-return-1");
    assert_eq!(
        returning.carrier_name.as_deref(),
        Some("courier of return-1")
    );
    assert_eq!(returning.placed_at, Some(1_647_414_062));
    assert_eq!(told.warehouse.unwrap().as_str(), "wh-return-1");
}

#[test]
fn pushed_values_take_precedence_over_stored_ones() {
    let mut event = event(Some(PushedReturn {
        awb: Some("pushed-return-awb".parse().unwrap()),
        carrier_name: Some("pushed return courier".to_owned()),
        ..pushed_return()
    }));
    event.shipment.forward_awb = Some("pushed-awb".parse().unwrap());
    event.shipment.carrier_name = Some("pushed courier".to_owned());
    event.shipment.shipment_code = Some("pushed-code".parse().unwrap());
    event.warehouse = Some("pushed-wh".parse().unwrap());
    let moving = known(ShipmentType::Return, "return-1");
    let forward = known(ShipmentType::Forward, "order-1");
    let resolved = resolved(&event, Some(moving), Some(forward));
    let told = told(&resolved, &event);
    let returning = told.returning.unwrap();
    assert_eq!(told.forward_awb.unwrap().as_str(), "pushed-awb");
    assert_eq!(told.carrier_name.as_deref(), Some("pushed courier"));
    assert_eq!(told.shipment_code.unwrap().as_str(), "pushed-code");
    assert_eq!(told.warehouse.unwrap().as_str(), "pushed-wh");
    assert_eq!(returning.awb.unwrap().as_str(), "pushed-return-awb");
    assert_eq!(
        returning.carrier_name.as_deref(),
        Some("pushed return courier")
    );
}

#[test]
fn an_unknown_shipment_keeps_its_pushed_values() {
    let event = event(Some(pushed_return()));
    let resolved = resolved(&event, None, None);
    assert!(resolved.is_unknown());
    let told = told(&resolved, &event);
    let returning = told.returning.unwrap();
    assert_eq!(told.forward_order.as_str(), "order-1");
    assert_eq!(returning.number.as_str(), "return-1");
    assert_eq!((returning.awb, returning.placed_at), (None, None));
    assert_eq!(told.forward_awb, None);
    assert_eq!(told.items, []);
}

#[test]
fn a_push_settles_an_uncertain_claim_of_its_own_account_only() {
    let event = event(None);
    let uncertain = |standing, alias: &str| {
        let mut moving = known(ShipmentType::Forward, "order-1");
        moving.standing = standing;
        let resolved = resolved(&event, Some(moving), None);
        resolved.uncertain(&alias.parse().unwrap()).is_some()
    };
    assert!(uncertain(Some(Standing::Uncertain), "magic"));
    assert!(!uncertain(Some(Standing::Uncertain), "other"));
    assert!(!uncertain(Some(Standing::Claimed), "magic"));
    assert!(!uncertain(Some(Standing::Booked), "magic"));
    assert!(!uncertain(None, "magic"));
}

fn goods(list: &[(Option<&str>, &str, u32)]) -> Vec<NotifiedItem> {
    list.iter()
        .map(|(item_id, sku, quantity)| NotifiedItem {
            item_id: item_id.map(str::to_owned),
            sku: (*sku).to_owned(),
            quantity: *quantity,
        })
        .collect()
}

#[test]
fn stored_items_are_used_if_none_were_pushed() {
    let known = goods(&[(Some("1"), "sku-1", 2), (None, "sku-2", 1)]);
    assert_eq!(items(&[], &known), known);
    assert_eq!(items(&[], &[]), []);
}

#[test]
fn pushed_items_keep_their_quantity_and_get_the_client_s_line_id() {
    let known = goods(&[(Some("1"), "sku-1", 5), (Some("2"), "sku-2", 1)]);
    let pushed = goods(&[(None, "sku-2", 1), (None, "sku-1", 3), (None, "sku-9", 1)]);
    assert_eq!(
        items(&pushed, &known),
        goods(&[
            (Some("2"), "sku-2", 1),
            (Some("1"), "sku-1", 3),
            (None, "sku-9", 1)
        ])
    );
}

#[test]
fn a_pushed_line_id_is_not_replaced() {
    let known = goods(&[(Some("1"), "sku-1", 1)]);
    let pushed = goods(&[(Some("7"), "sku-1", 1)]);
    assert_eq!(items(&pushed, &known), pushed);
}

#[test]
fn two_lines_of_one_sku_are_distinguished() {
    let known = goods(&[(Some("1"), "sku-1", 1), (Some("2"), "sku-1", 1)]);
    let both = goods(&[(None, "sku-1", 1), (None, "sku-1", 1)]);
    assert_eq!(items(&both, &known), known);
    let second_is_named = goods(&[(Some("2"), "sku-1", 1), (None, "sku-1", 1)]);
    assert_eq!(
        items(&second_is_named, &known),
        goods(&[(Some("2"), "sku-1", 1), (Some("1"), "sku-1", 1)])
    );
}
