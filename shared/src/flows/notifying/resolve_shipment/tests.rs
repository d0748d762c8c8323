//! Which shipment a push resolves to, and what the client gets.

mod completed;

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::domain::booking::MetaData;
use crate::domain::claim::Standing;
use crate::domain::event_kind::EventKind;
use crate::domain::facts::ShipmentFacts;
use crate::domain::notification::{
    AggregatorLabel, Direction, Identity, Meaning, Notification, NotificationType, NotifiedItem,
    PushedEvent, PushedReturn, PushedShipment,
};
use crate::domain::push_news::AwbBinding;
use crate::domain::shipment::ShipmentType;
use crate::domain::shipment_id::ShipmentId;
use crate::domain::text::{AccountAlias, ClientId};
use crate::flows::notifying::complete_notification::items;
use crate::flows::notifying::resolve_shipment::{
    Candidates, Resolved, identity, resolved as resolve,
};
use crate::store::booking::shipments::FoundShipment;
use crate::store::keys::{Key, by_awb, by_order_id};

fn alias() -> AccountAlias {
    "magic".parse().unwrap()
}

fn client() -> ClientId {
    "client-1".parse().unwrap()
}

/// A push of a shipment in transit, with only codes and AWBs.
fn event(returning: Option<PushedReturn>) -> PushedEvent {
    PushedEvent {
        kind: EventKind::News,
        identity: Identity::Event("event-1".to_owned()),
        shipment: PushedShipment {
            forward_order_code: "order-1".parse().unwrap(),
            shipment_code: None,
            forward_awb: None,
            carrier_name: None,
            returning,
            round: None,
        },
        pushed_type: "IN_TRANSIT".to_owned(),
        meaning: Meaning::Word(NotificationType::Transit),
        meaning_turned: Meaning::Word(NotificationType::Transit),
        direction: Direction::Certain,
        occurred_at: None,
        aggregator_name: AggregatorLabel::Pushed("NARVAR".to_owned()),
        warehouse: None,
        items: Vec::new(),
        meta_data: MetaData::new(),
        details: MetaData::new(),
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
            return_of: None,
        },
        standing: Some(Standing::Booked),
        holder: Some("holder-1".to_owned()),
        round: Some(1),
        claimed_at: Some(1_000),
        pushed_at: None,
    }
}

fn resolved(
    event: &PushedEvent,
    moving: Option<FoundShipment>,
    forward: Option<FoundShipment>,
) -> Resolved {
    Resolved {
        id: identity(&client(), event, moving.as_ref()),
        event: event.clone(),
        claim: None,
        binding: AwbBinding::Unbound,
        contradicts: None,
        announced: None,
        moving,
        forward,
    }
}

fn told(resolved: &Resolved) -> Notification {
    resolved.notification(NotificationType::Transit, Timestamp::UNIX_EPOCH)
}

/// The result for a push whose candidate keys find these shipments.
fn found(event: PushedEvent, shipments: &[(Key, FoundShipment)]) -> Resolved {
    let (client, alias) = (client(), alias());
    let candidates = Candidates::of(&client, &alias, &event);
    let found: BTreeMap<Key, FoundShipment> = shipments.iter().cloned().collect();
    assert!(found.keys().all(|key| candidates.keys().contains(key)));
    resolve(event, &candidates, &found)
}

fn own(order_number: &str, shipment_type: ShipmentType) -> Key {
    let id = ShipmentId {
        client_id: client(),
        shipment_type,
        order_number: order_number.parse().unwrap(),
        shipment_code: None,
    };
    id.key()
}

fn awb_key(awb: &str, shipment_type: ShipmentType) -> Key {
    by_awb(&client(), &awb.parse().unwrap(), &alias(), shipment_type)
}

/// A shipment as stored in a finder: without a claim.
fn finder(shipment_type: ShipmentType, order_number: &str) -> FoundShipment {
    FoundShipment {
        standing: None,
        holder: None,
        ..known(shipment_type, order_number)
    }
}

fn pushed_finder(shipment_type: ShipmentType, order_number: &str) -> FoundShipment {
    let mut found = finder(shipment_type, order_number);
    found.facts.shipment_code = None;
    found.pushed_at = Some(1_000);
    found
}

const FORWARD: ShipmentType = ShipmentType::Forward;
const RETURN: ShipmentType = ShipmentType::Return;

fn forward_push(code: &str, awb: Option<&str>, direction: Direction) -> PushedEvent {
    let mut event = event(None);
    event.shipment.forward_order_code = code.parse().unwrap();
    event.shipment.forward_awb = awb.map(|awb| awb.parse().unwrap());
    event.direction = direction;
    event
}

#[test]
fn a_push_with_a_certain_direction_needs_three_keys_and_one_without_six() {
    let keys = |direction| {
        let event = forward_push("order-1", Some("awb-1"), direction);
        Candidates::of(&client(), &alias(), &event).keys().len()
    };
    let directions = [Direction::Certain, Direction::Told, Direction::Unknown];
    assert_eq!(directions.map(keys), [3, 4, 6]);
}

#[test]
fn an_awb_that_rms_booked_decides_then_an_order_number_then_an_order_id() {
    let push = || forward_push("11024", Some("B1"), Direction::Certain);
    let booked = (awb_key("B1", FORWARD), finder(FORWARD, "B"));
    let mut numbered = known(FORWARD, "11024");
    numbered.facts.shipment_code = None;
    let numbered = (own("11024", FORWARD), numbered);
    let by_id = by_order_id(&client(), "11024", &alias(), FORWARD);
    let identified = (by_id, finder(FORWARD, "C"));
    let all = [booked, numbered, identified];
    let order = |resolved: &Resolved| resolved.id.order_number.to_string();
    let by_awb = found(push(), &all);
    assert_eq!(order(&by_awb), "B");
    assert_eq!(by_awb.contradicts.unwrap().as_str(), "11024");
    assert_eq!(by_awb.binding, AwbBinding::Booked);
    let by_number = found(push(), &all[1..]);
    assert_eq!(order(&by_number), "11024");
    assert_eq!(by_number.contradicts, None);
    assert!(by_number.claim.is_some());
    assert_eq!(order(&found(push(), &all[2..])), "C");
}

#[test]
fn a_shipment_of_another_account_is_not_moved_by_its_number() {
    let mut booked = known(FORWARD, "X");
    booked.facts.shipment_code = None;
    booked.facts.alias = "other".parse().unwrap();
    let push = forward_push("X", None, Direction::Certain);
    let found = |booked: &FoundShipment| {
        let found = found(push.clone(), &[(own("X", FORWARD), booked.clone())]);
        (found.moving.is_some(), found.claim.is_some())
    };
    assert_eq!(found(&booked), (false, false));
    booked.standing = Some(Standing::Observed);
    assert_eq!(found(&booked), (true, true));
}

#[test]
fn an_order_id_of_the_account_is_found_although_another_account_has_an_order_of_that_number() {
    let mut numbered = known(FORWARD, "11024");
    numbered.facts.shipment_code = None;
    numbered.facts.alias = "other".parse().unwrap();
    let by_id = by_order_id(&client(), "11024", &alias(), FORWARD);
    let shipments = [
        (own("11024", FORWARD), numbered),
        (by_id, finder(FORWARD, "B")),
    ];
    let push = forward_push("11024", None, Direction::Certain);
    assert_eq!(found(push, &shipments).id.order_number.as_str(), "B");
}

#[test]
fn an_awb_that_was_only_pushed_decides_if_no_other_order_is_named() {
    let bound = [(awb_key("F1", FORWARD), pushed_finder(FORWARD, "X"))];
    let order = |code| {
        let resolved = found(forward_push(code, Some("F1"), Direction::Certain), &bound);
        let is_known = resolved.moving.is_some();
        (resolved.id.order_number.to_string(), is_known)
    };
    assert_eq!(order("F1"), ("X".to_owned(), true));
    assert_eq!(order("X"), ("X".to_owned(), true));
    assert_eq!(order("Y"), ("Y".to_owned(), false));
}

#[test]
fn a_booked_return_is_a_return_whatever_the_push_says() {
    let mut push = forward_push("N", Some("R1"), Direction::Unknown);
    push.meaning = Meaning::Word(NotificationType::PickedUp);
    push.meaning_turned = Meaning::Word(NotificationType::ReturnPickedUp);
    let booked = (awb_key("R1", RETURN), finder(RETURN, "RET-1"));
    let by_awb = found(push.clone(), std::slice::from_ref(&booked));
    assert_eq!(by_awb.id.shipment_type, RETURN);
    assert_eq!(by_awb.id.order_number.as_str(), "RET-1");
    let word = Meaning::Word(NotificationType::ReturnPickedUp);
    assert_eq!(by_awb.event.meaning, word);
    let told = by_awb.notification(NotificationType::ReturnPickedUp, Timestamp::UNIX_EPOCH);
    assert_eq!(told.returning.unwrap().awb.unwrap().as_str(), "R1");
    assert_eq!(
        (told.forward_awb, told.forward_order.as_str()),
        (None, "RET-1")
    );

    let by_id = by_order_id(&client(), "N", &alias(), RETURN);
    let by_id = found(push.clone(), &[(by_id, finder(RETURN, "RET-1"))]);
    assert_eq!(by_id.id.shipment_type, RETURN);

    push.direction = Direction::Told;
    assert_eq!(found(push, &[booked]).id.shipment_type, RETURN);
}

#[test]
fn a_push_without_a_direction_is_about_the_forward_shipment() {
    let push = || forward_push("N", None, Direction::Unknown);
    let mut both = [FORWARD, RETURN].map(|shipment_type| {
        let mut found = known(shipment_type, "N");
        found.facts.shipment_code = None;
        (own("N", shipment_type), found)
    });
    assert_eq!(found(push(), &both).id.shipment_type, FORWARD);
    both[0].1.standing = Some(Standing::Observed);
    assert_eq!(found(push(), &both).id.shipment_type, RETURN);
    assert_eq!(found(push(), &[]).id.shipment_type, FORWARD);
}

#[test]
fn missing_fields_are_filled_from_the_forward_shipment() {
    let mut event = event(None);
    event.shipment.forward_order_code = "11012".parse().unwrap();
    let moving = known(ShipmentType::Forward, "order-1");
    let resolved = resolved(&event, Some(moving), None);
    let told = told(&resolved);
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
    let told = told(&resolved);
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
    let told = told(&resolved);
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
    let told = told(&resolved);
    let returning = told.returning.unwrap();
    assert_eq!(told.forward_order.as_str(), "order-1");
    assert_eq!(returning.number.as_str(), "return-1");
    assert_eq!((returning.awb, returning.placed_at), (None, None));
    assert_eq!(told.forward_awb, None);
    assert_eq!(told.items, []);
}

fn goods(list: &[(Option<&str>, &str, u32)]) -> Vec<NotifiedItem> {
    list.iter()
        .map(|(item_id, sku, quantity)| NotifiedItem {
            item_id: item_id.map(str::to_owned),
            sku: Some((*sku).to_owned()),
            quantity: Some(*quantity),
        })
        .collect()
}
