//! Webhook formats, identities and statuses.

mod details;
mod lines;

use proptest::prelude::*;

use crate::aggregators::clickpost::push;
use crate::aggregators::clickpost::tests::wire::{any_json, mutated};
use crate::aggregators::clickpost::tests::*;
use crate::contract::fields::Unreadable;
use crate::domain::notification::{Identity, Meaning, NotificationType};
use crate::domain::text::Awb;

const STATUS: &str = include_str!("../fixtures/push-status.json");
const SELECTED: &str = include_str!("../fixtures/push-selected.json");
const PLACED: &str = include_str!("../fixtures/push-return-placed.json");
const APPROVED: &str = include_str!("../fixtures/push-return-approved.json");

const CODE: &str = "/clickpost_status_code";
const EVENT: &str = "/additional/notification_event_id";
const NAME_AT: &str = "/additional/latest_status/reference_number";
const IS_RETURN: &str = "/additional/is_rvp";

fn read(push: &Value) -> Result<PushedEvent, Unreadable> {
    push::read(push.to_string().as_bytes())
}

fn event(push: &str, changes: &[(&str, Value)]) -> PushedEvent {
    read(&changed(push, changes)).unwrap()
}

fn wrong(push: &Value) -> Vec<String> {
    let Err(Unreadable::Invalid(found)) = read(push) else {
        panic!("{push}");
    };
    found.into_iter().map(|wrong| wrong.pointer).collect()
}

fn named(identity: &str) -> Identity {
    Identity::Event(identity.to_owned())
}

fn forward_order(event: &PushedEvent) -> &str {
    event.shipment.forward_order_code.as_str()
}

fn forward_awb(event: &PushedEvent) -> Option<&str> {
    event.shipment.forward_awb.as_ref().map(Awb::as_str)
}

/// The order number and the AWB of the return.
fn returned(event: &PushedEvent) -> (&str, Option<&str>) {
    let returning = event.shipment.returning.as_ref().unwrap();
    (
        returning.order_code.as_str(),
        returning.awb.as_ref().map(Awb::as_str),
    )
}

#[tokio::test]
async fn a_push_is_one_event_through_the_port() {
    let bench = workbench().await;
    let events = Clickpost.read_push(&bench.account, STATUS.as_bytes());
    assert_eq!(events.unwrap().len(), 1);
    let garbage = Clickpost.read_push(&bench.account, b"waybill=1");
    assert!(matches!(
        garbage,
        Err(PushRejection::Unreadable(Unreadable::NotJson(_)))
    ));
}

#[test]
fn a_status_uses_the_outer_code_and_time() {
    let event = event(STATUS, &[]);
    assert_eq!(
        event.meaning,
        Meaning::Word(NotificationType::OutForDelivery)
    );
    assert_eq!(event.pushed_type, "S6");
    let at = event.occurred_at.unwrap().to_string();
    assert_eq!(at, "2026-03-04T03:45:00Z");
    let identity = named("7000001234|S6|2026-03-04T09:15:00Z|");
    assert_eq!(event.identity, identity);
    assert_eq!(event.aggregator_name.as_str(), "CLICKPOST");
    assert_eq!(event.meta_data["Account Code"].expose(), "Delhivery Kochi");
    assert_eq!(forward_order(&event), "CP-1001");
    let code = event.shipment.shipment_code.as_ref().unwrap();
    assert_eq!(code.as_str(), "2");
    assert_eq!(forward_awb(&event), Some("7000001234"));
    assert_eq!(event.shipment.returning, None);
    assert!(event.warehouse.is_none() && event.items.is_empty() && event.raw.is_none());
}

#[test]
fn the_courier_s_reason_is_part_of_the_identity() {
    let first = event(SELECTED, &[]);
    assert_eq!(
        first.meaning,
        Meaning::Word(NotificationType::FailedDelivery)
    );
    let identity = named("7000001234|S9|2026-03-04T18:40:10Z|1");
    assert_eq!(first.identity, identity);
    let other = event(SELECTED, &[("/additional/ndr_status_code", json!("6"))]);
    assert_ne!(first.identity, other.identity);
}

#[test]
fn a_repeat_has_the_same_identity_with_any_latest_status() {
    let first = event(STATUS, &[]);
    let latest = "/additional/latest_status/clickpost_status_code";
    let latest_at = "/additional/latest_status/timestamp";
    let repeat = event(
        STATUS,
        &[
            (latest, json!(8)),
            (latest_at, json!("2026-03-05T00:00:00Z")),
            (CODE, json!("6")),
            ("/new_key", json!([1])),
        ],
    );
    assert_eq!(first.identity, repeat.identity);
    let next_day = event(STATUS, &[("/timestamp", json!("2026-03-05T09:15:00Z"))]);
    assert_ne!(first.identity, next_day.identity);
}

#[test]
fn without_a_time_a_push_is_identified_by_its_content() {
    let event = event(STATUS, &[("/timestamp", Value::Null)]);
    assert!(matches!(event.identity, Identity::Digest(_)));
    assert_eq!(event.occurred_at, None);
}

#[test]
fn an_event_that_says_more_than_its_status_takes_precedence() {
    let status = event(SELECTED, &[]);
    for (id, word, code) in [
        (9, NotificationType::AwbGenerated, "E9"),
        (17, NotificationType::ShipmentStuck, "E17"),
        (18, NotificationType::SlaBreached, "E18"),
    ] {
        let event = event(SELECTED, &[(EVENT, json!(id))]);
        assert_eq!(event.meaning, Meaning::Word(word));
        assert_eq!(event.pushed_type, code);
        assert_ne!(event.identity, status.identity);
    }
    let outside = [(EVENT, Value::Null), ("/notification_event", json!("17"))];
    assert_eq!(event(SELECTED, &outside).pushed_type, "E17");
}

#[test]
fn every_other_event_repeats_its_status() {
    for id in [1, 2, 4, 10, 22, 80] {
        let event = event(SELECTED, &[(EVENT, json!(id))]);
        assert_eq!(event.pushed_type, "S9");
    }
}

#[test]
fn events_of_a_return_request_are_never_ignored() {
    for (id, code) in [(23, "E23"), (29, "E29"), (30, "E30"), (31, "E31")] {
        let event = event(PLACED, &[(EVENT, json!(id))]);
        assert_eq!(event.meaning, Meaning::Unmapped, "{id}");
        assert_eq!(event.pushed_type, code);
    }
    let approved = event(PLACED, &[(CODE, json!(102)), (EVENT, json!(22))]);
    assert_eq!(approved.meaning, Meaning::Unmapped);
    let expired = event(SELECTED, &[(CODE, json!(23)), (EVENT, json!(80))]);
    assert_eq!(expired.meaning, Meaning::Unmapped);
    assert_eq!(expired.pushed_type, "S23");
}

#[test]
fn an_event_without_a_status_is_mapped_by_its_own_id() {
    for (id, meaning) in [
        (3, Meaning::Word(NotificationType::OutForDelivery)),
        (5, Meaning::Word(NotificationType::Delivered)),
        (11, Meaning::Word(NotificationType::ReturnOrderPlaced)),
        (22, Meaning::Unmapped),
        (80, Meaning::Unmapped),
        (81, Meaning::Unmapped),
    ] {
        let event = event(SELECTED, &[(CODE, Value::Null), (EVENT, json!(id))]);
        assert_eq!(event.meaning, meaning, "{id}");
        assert_eq!(event.pushed_type, format!("E{id}"));
    }
}

#[test]
fn unknown_codes_are_unmapped() {
    for code in [-1, 0, 22, 24, 29, 33, 40, 103, 1001, 1003, 1005] {
        let event = event(STATUS, &[(CODE, json!(code))]);
        assert_eq!(event.meaning, Meaning::Unmapped, "{code}");
        assert_eq!(event.pushed_type, format!("S{code}"));
    }
    let alone = event(SELECTED, &[(CODE, Value::Null), (EVENT, json!(29))]);
    assert_eq!(alone.meaning, Meaning::Unmapped);
    assert_eq!(alone.pushed_type, "E29");
}

#[test]
fn a_return_request_belongs_to_its_forward_order_until_it_has_a_number() {
    let event = event(PLACED, &[]);
    assert_eq!(
        event.meaning,
        Meaning::Word(NotificationType::ReturnOrderPlaced)
    );
    let at = event.occurred_at.unwrap().to_string();
    assert_eq!(at, "2026-03-08T02:17:07.161221Z");
    assert_eq!(returned(&event), ("CP-1001", None));
    assert_eq!(forward_order(&event), "CP-1001");
    assert_eq!(forward_awb(&event), Some("7000001234"));
    let items = event.items.iter();
    let items: Vec<_> = items
        .map(|item| (item.sku.as_deref(), item.quantity))
        .collect();
    assert_eq!(items, [(Some("LMP-1"), Some(1)), (Some("9649"), Some(2))]);
    let identity = named("CP-1001+P2|S101|2026-03-08 07:47:07.161221|");
    assert_eq!(event.identity, identity);
}

#[test]
fn a_wrapped_push_is_read_and_its_wrapper_is_not_stored() {
    let event = event(APPROVED, &[]);
    assert_eq!(event.meaning, Meaning::Unmapped);
    assert_eq!(event.pushed_type, "S102");
    assert_eq!(returned(&event), ("8181000000000001", None));
    assert_eq!(forward_order(&event), "WEB-77");
    let identity = named("8181000000000001|S102|2026-03-08 08:30:08.396840|");
    assert_eq!(event.identity, identity);
    let stored: Value = serde_json::from_slice(&event.raw.unwrap()).unwrap();
    assert_eq!(stored, body(APPROVED)["payload"]);
}

#[test]
fn a_return_that_we_booked_is_identified_by_its_name() {
    let changes = [
        (CODE, json!(4)),
        (IS_RETURN, json!("True")),
        (NAME_AT, json!("R-5+R+2")),
    ];
    let event = event(STATUS, &changes);
    assert_eq!(
        event.meaning,
        Meaning::Word(NotificationType::ReturnPickedUp)
    );
    assert_eq!(returned(&event), ("R-5", Some("7000001234")));
    assert_eq!(forward_order(&event), "R-5");
    assert_eq!(forward_awb(&event), None);
}

#[test]
fn without_a_flag_a_return_is_recognised_by_its_name_or_status() {
    let unsaid = (IS_RETURN, Value::Null);
    let reference = "/additional/return_reference_number";
    for (changes, is_return) in [
        (vec![unsaid.clone()], false),
        (vec![unsaid.clone(), (NAME_AT, json!("R-5+R"))], true),
        (vec![unsaid.clone(), (NAME_AT, json!("R-5-.R"))], true),
        (vec![unsaid.clone(), (CODE, json!(101))], true),
        (vec![unsaid, (reference, json!("7"))], true),
        (vec![(IS_RETURN, json!(1))], true),
        (vec![(NAME_AT, json!("web+R"))], false),
    ] {
        let event = event(STATUS, &changes);
        assert_eq!(event.shipment.returning.is_some(), is_return, "{changes:?}");
    }
    let foreign = event(STATUS, &[(NAME_AT, json!("web+R"))]);
    assert_eq!(forward_order(&foreign), "web+R");
}

#[test]
fn an_order_is_identified_by_its_most_reliable_number() {
    let without_name = event(STATUS, &[(NAME_AT, json!("NA"))]);
    assert_eq!(forward_order(&without_name), "CP-1001");
    let bare = event(STATUS, &[("/additional", Value::Null)]);
    assert_eq!(forward_order(&bare), "7000001234");
}

#[test]
fn a_push_without_an_awb_is_identified_by_its_order() {
    let event = event(SELECTED, &[("/waybill", json!(""))]);
    assert_eq!(forward_awb(&event), None);
    let identity = named("CP-1001+P2|S9|2026-03-04T18:40:10Z|1");
    assert_eq!(event.identity, identity);
}

#[test]
fn nonsense_is_refused_with_its_pointer() {
    let no_code = changed(STATUS, &[(CODE, json!("OutForDelivery"))]);
    assert_eq!(wrong(&no_code), [CODE]);
    let no_id = json!({"clickpost_status_code": 6, "waybill": "NA"});
    assert_eq!(wrong(&no_id), ["/waybill"]);
    let wrapped = json!({"payload": {"waybill": "1"}});
    assert_eq!(wrong(&wrapped), ["/payload/clickpost_status_code"]);
    assert_eq!(wrong(&json!({"payload": "none"})), [CODE]);
    assert_eq!(wrong(&json!([])), [""]);
}

#[test]
fn an_awb_and_a_code_suffice_whatever_stands_for_a_container() {
    for container in [json!([]), json!({}), json!(""), json!("NA"), Value::Null] {
        let event = event(STATUS, &[("/additional", container.clone())]);
        assert_eq!(event.pushed_type, "S6", "{container}");
        assert_eq!(forward_awb(&event), Some("7000001234"));
        assert!(!event.details.contains_key("Not Read"), "{container}");
        let latest = [("/additional/latest_status", container)];
        assert_eq!(forward_order(&self::event(STATUS, &latest)), "CP-1001");
    }
    let unread = event(STATUS, &[("/additional", json!([7]))]);
    assert_eq!(unread.details["Not Read"].expose(), "additional");
    let unread = event(STATUS, &[("/additional/latest_status", json!("OFD"))]);
    assert_eq!(unread.details["Not Read"].expose(), "latest_status");
    let wrapped = changed(STATUS, &[("/payload", json!([]))]);
    assert_eq!(read(&wrapped).unwrap().pushed_type, "S6");
}

#[test]
fn a_date_of_another_form_has_its_time() {
    for (time, at) in [
        ("2026-03-04T09:15:00+05:30", "2026-03-04T03:45:00Z"),
        ("04-03-2026 09:15:00", "2026-03-04T03:45:00Z"),
        ("2026-03-04T09: 15: 00Z", "2026-03-04T03:45:00Z"),
        ("4 Mar 2026 09:15 AM", "2026-03-04T03:45:00Z"),
    ] {
        let event = event(STATUS, &[("/timestamp", json!(time))]);
        assert_eq!(event.occurred_at.unwrap().to_string(), at, "{time}");
        let identity = named(&format!("7000001234|S6|{time}|"));
        assert_eq!(event.identity, identity);
    }
}

#[test]
fn the_whole_table_of_statuses() {
    let meaning = |meaning: Meaning| {
        let word = meaning.word().map(|word| word.to_string());
        word.unwrap_or_else(|| format!("{meaning:?}"))
    };
    let lines: Vec<String> = Clickpost
        .statuses()
        .iter()
        .map(|status| {
            let (forward, returning) = (meaning(status.forward), meaning(status.returning));
            let (table, code, name) = (status.table, &status.code, status.name);
            format!("{table} {code} {name}: {forward} / {returning}")
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n"));
}

fn is_whole(event: &PushedEvent) -> bool {
    let (table, code) = event.pushed_type.split_at(1);
    let is_known = ["S", "E"].contains(&table) && code.parse::<i64>().is_ok();
    is_known && !event.shipment.order_code().as_str().is_empty()
}

proptest! {
    #[test]
    fn a_mutated_push_that_is_accepted_has_an_id_and_a_code(
        which in 0..4_usize, index: usize, with in proptest::option::of(any_json()),
    ) {
        let valid = body([STATUS, SELECTED, PLACED, APPROVED][which]);
        if let Ok(event) = read(&mutated(valid, index, with)) {
            prop_assert!(is_whole(&event));
        }
    }

    #[test]
    fn no_json_panics(
        push in any_json(), code in any_json(), additional in any_json(),
        bytes in proptest::collection::vec(any::<u8>(), 0..64),
    ) {
        drop(push::read(&bytes));
        drop(read(&push));
        let push = json!({"waybill": push, "clickpost_status_code": code, "additional": additional});
        if let Ok(event) = read(&push) {
            prop_assert!(is_whole(&event));
        }
    }
}
