//! Webhooks: both formats, both tables, repeats, returns and nonsense.

mod details;

use crate::aggregators::shiprocket::push;
use crate::aggregators::shiprocket::tests::*;
use crate::contract::fields::Unreadable;
use crate::domain::event_kind::EventKind;
use crate::domain::notification::{Identity, Meaning, NotificationType as Word};

fn read(body: &Value) -> PushedEvent {
    push::read(body.to_string().as_bytes()).unwrap()
}

#[test]
fn the_format_of_2023_is_read() {
    let event = read(&json_of(PUSH_2023));
    assert_eq!(event.pushed_type, "S17");
    assert_eq!(event.meaning, Meaning::Word(Word::OutForDelivery));
    assert_eq!(
        event.occurred_at.unwrap().to_string(),
        "2026-03-19T03:31:55Z"
    );
    assert_eq!(event.aggregator_name.as_str(), "SHIPROCKET");
    assert_eq!(
        event.identity,
        Identity::Event("77300145020|17|19|2026-03-19T03:31:55Z".to_owned())
    );
    let shipment = event.shipment;
    assert_eq!(shipment.forward_order_code.as_str(), "W-2042");
    assert_eq!(shipment.forward_awb.unwrap().as_str(), "77300145020");
    assert_eq!(shipment.carrier_name.as_deref(), Some("Amazon Surface"));
    assert_eq!(shipment.returning, None);
    assert_eq!((event.raw, event.items), (None, Vec::new()));
}

#[test]
fn the_format_of_2021_is_read() {
    let event = read(&json_of(PUSH_2021));
    assert_eq!(event.pushed_type, "S7");
    assert_eq!(event.meaning, Meaning::Word(Word::Delivered));
    assert_eq!(
        event.occurred_at.unwrap().to_string(),
        "2026-03-19T11:11:59Z"
    );
    assert_eq!(
        event.identity,
        Identity::Event("77300145020|7|7|2026-03-19T11:10:00Z".to_owned())
    );
    assert_eq!(event.shipment.forward_awb.unwrap().as_str(), "77300145020");
}

#[test]
fn a_repeat_has_the_same_identity_and_another_scan_another() {
    let first = read(&json_of(PUSH_2023)).identity;
    let later = ("/current_timestamp", json!("19 03 2026 11:00:00"));
    assert_eq!(read(&with(PUSH_2023, &[later])).identity, first);
    for other in [
        ("/scans/2/date", json!("2026-03-20 09:01:55")),
        ("/shipment_status_id", json!(21)),
        ("/current_status_id", json!(36)),
        ("/awb", json!("77300145021")),
    ] {
        assert_ne!(read(&with(PUSH_2023, &[other])).identity, first);
    }
}

#[test]
fn without_scans_the_time_of_the_push_or_else_a_digest_identifies_events() {
    let bare = with(PUSH_2023, &[("/scans", json!([])), ("/awb", Value::Null)]);
    let event = read(&bare);
    assert_eq!(
        event.identity,
        Identity::Event("430011|17|19|2026-03-19T03:32:10Z".to_owned())
    );
    assert_eq!(
        event.occurred_at.unwrap().to_string(),
        "2026-03-19T03:32:10Z"
    );
    let unread = with(
        PUSH_2023,
        &[
            ("/scans", json!([])),
            ("/current_timestamp", json!("19/03/26 09:02 hrs")),
        ],
    );
    let event = read(&unread);
    assert_eq!(
        event.identity,
        Identity::Event("77300145020|17|19|19/03/26 09:02 hrs".to_owned())
    );
    assert_eq!(event.occurred_at, None);
    assert_eq!(event.details["Event Time"].expose(), "19/03/26 09:02 hrs");
    let timeless = with(
        PUSH_2023,
        &[("/scans", json!("NA")), ("/current_timestamp", json!("NA"))],
    );
    let event = read(&timeless);
    assert!(matches!(event.identity, Identity::Digest(_)));
    assert_eq!(event.occurred_at, None);
}

#[test]
fn the_identity_does_not_depend_on_whether_a_date_could_be_read() {
    let scans = |dates: &[&str]| {
        let scan = |date: &&str| json!({"date": date, "sr-status": "17"});
        let scans: Vec<Value> = dates.iter().map(scan).collect();
        read(&with(PUSH_2023, &[("/scans", json!(scans))])).identity
    };
    let odd = scans(&["2026-03-19 09:01:55", "19.III 10:00"]);
    assert_eq!(scans(&["19.III 10:00", "2026-03-19 09:01:55"]), odd);
    assert_ne!(scans(&["2026-03-19 09:01:55", "19.III 11:00"]), odd);
    assert_ne!(scans(&["2026-03-19 09:01:55"]), odd);
    let pushed = Identity::Event("77300145020|17|19|2026-03-19T03:32:10Z".to_owned());
    assert_eq!(scans(&["19.III 10:00"]), pushed);
}

#[test]
fn a_date_of_any_form_with_one_meaning_is_read() {
    for date in [
        "19-03-2026 09:02:10",
        "19 03 2026 09:02:10",
        "2026-03-19T09:02:10",
        "2026-03-19T09:02:10+05:30",
        "2026-03-19T03:32:10.000Z",
        "19 Mar 2026, 09:02:10 am",
        "1773891130",
    ] {
        let event = read(&with(
            PUSH_2023,
            &[("/scans", json!([])), ("/current_timestamp", json!(date))],
        ));
        let at = event.occurred_at.map(|at| at.to_string());
        assert_eq!(at.as_deref(), Some("2026-03-19T03:32:10Z"), "{date}");
        let identity = "77300145020|17|19|2026-03-19T03:32:10Z".to_owned();
        assert_eq!(event.identity, Identity::Event(identity), "{date}");
    }
}

#[test]
fn a_list_of_scans_may_be_an_object() {
    let listed = read(&json_of(PUSH_2023));
    let scans = &json_of(PUSH_2023)["scans"];
    let keyed = json!({"0": scans[0], "1": scans[1], "2": scans[2]});
    let keyed = read(&with(PUSH_2023, &[("/scans", keyed)]));
    assert_eq!(keyed.identity, listed.identity);
    assert_eq!(keyed.details, listed.details);
}

#[test]
fn the_format_of_2021_has_the_merchants_number_in_a_field_of_its_own() {
    let order = |channel_order: Value| {
        let changes = [
            ("/channel_order_id", channel_order),
            ("/order_id", json!("430011")),
        ];
        read(&with(PUSH_2021, &changes))
    };
    let named = order(json!("W-2042+P2+R"));
    let returning = named.shipment.returning.unwrap();
    assert_eq!(returning.order_code.as_str(), "W-2042");
    assert_eq!(named.shipment.shipment_code.unwrap().as_str(), "2");
    let plain = order(json!(20_420_001));
    assert_eq!(plain.shipment.forward_order_code.as_str(), "20420001");
    for absent in [Value::Null, json!(""), json!("NA"), json!([])] {
        let event = order(absent);
        assert_eq!(event.shipment.forward_order_code.as_str(), "430011");
        assert_eq!(event.kind, EventKind::News);
    }
    let unread = order(json!({"id": 1}));
    assert_eq!(unread.details["Not Read"].expose(), "channel_order_id");
}

#[test]
fn the_samples_of_the_panel_are_tests_by_their_documented_values() {
    let kind = |push: &str, awb: &str, order: &str, channel_order: Value| {
        let changes = [
            ("/awb", json!(awb)),
            ("/order_id", json!(order)),
            ("/channel_order_id", channel_order),
        ];
        read(&with(push, &changes)).kind
    };
    let (awb, order) = ("19041424751540", "1373900_150876814");
    assert_eq!(kind(PUSH_2023, awb, order, Value::Null), EventKind::Sample);
    let placeholder = json!("enter your channel order id");
    let of_2021 = kind(PUSH_2021, "59629792084", "13905312", placeholder);
    assert_eq!(of_2021, EventKind::Sample);
    for (awb, order) in [(awb, "W-1"), ("1", order), ("59629792084", order)] {
        assert_eq!(kind(PUSH_2023, awb, order, Value::Null), EventKind::News);
    }
}

#[test]
fn the_order_status_is_used_only_without_a_shipment_status() {
    for absent in [Value::Null, json!(""), json!("NA")] {
        let event = read(&with(
            PUSH_2023,
            &[
                ("/shipment_status_id", absent),
                ("/current_status_id", json!("20")),
            ],
        ));
        assert_eq!(
            (event.pushed_type.as_str(), event.meaning),
            ("O20", Meaning::Word(Word::Transit))
        );
    }
    let event = read(&with(
        PUSH_2023,
        &[
            ("/shipment_status_id", json!("20")),
            ("/current_status_id", json!(20)),
        ],
    ));
    assert_eq!(
        (event.pushed_type.as_str(), event.meaning),
        ("S20", Meaning::Word(Word::PickupError))
    );
}

#[test]
fn a_return_is_recognised_by_its_flag_its_status_or_our_name() {
    let flagged = with(
        PUSH_2023,
        &[
            ("/is_return", json!("1")),
            ("/shipment_status_id", json!(42)),
        ],
    );
    let event = read(&flagged);
    assert_eq!(event.meaning, Meaning::Word(Word::ReturnPickedUp));
    let returning = event.shipment.returning.unwrap();
    assert_eq!(returning.order_code.as_str(), "W-2042");
    assert_eq!(event.shipment.forward_order_code.as_str(), "W-2042");
    assert_eq!(returning.awb.unwrap().as_str(), "77300145020");
    assert_eq!(returning.carrier_name.as_deref(), Some("Amazon Surface"));
    assert_eq!(event.shipment.forward_awb, None);
    assert_eq!(event.shipment.carrier_name, None);
    let named = with(PUSH_2021, &[("/order_id", json!("RT-9+P2+R"))]);
    let event = read(&named);
    assert_eq!(
        event.shipment.returning.unwrap().order_code.as_str(),
        "RT-9"
    );
    assert_eq!(event.shipment.shipment_code.unwrap().as_str(), "2");
    let by_status = with(
        PUSH_2021,
        &[
            ("/shipment_status_id", Value::Null),
            ("/current_status_id", json!(25)),
        ],
    );
    let event = read(&by_status);
    assert!(event.shipment.returning.is_some());
    assert_eq!(event.meaning, Meaning::Word(Word::Transit));
}

#[test]
fn without_an_order_id_shiprocket_s_own_or_the_awb_is_used() {
    let order = |changes: &[(&str, Value)]| {
        let event = read(&with(PUSH_2023, changes));
        event.shipment.forward_order_code.to_string()
    };
    assert_eq!(order(&[("/order_id", json!(1001))]), "1001");
    assert_eq!(order(&[("/order_id", json!("NA"))]), "430011");
    assert_eq!(order(&[("/order_id", json!("x".repeat(101)))]), "430011");
    assert_eq!(
        order(&[("/order_id", Value::Null), ("/sr_order_id", json!(""))]),
        "77300145020"
    );
}

#[test]
fn an_unknown_code_is_unmapped() {
    for code in [0, 11, 28, 37, 53, 80, 999] {
        let event = read(&with(PUSH_2023, &[("/shipment_status_id", json!(code))]));
        let expected = if code == 11 {
            Meaning::Ignored
        } else {
            Meaning::Unmapped
        };
        assert_eq!(event.meaning, expected, "{code}");
        assert_eq!(event.pushed_type, format!("S{code}"));
    }
}

#[test]
fn news_of_a_shipment_is_never_ignored() {
    let meaning = |table, code, is_return| {
        let (shipment, order) = match table {
            'S' => (json!(code), Value::Null),
            _ => (Value::Null, json!(code)),
        };
        let changes = [
            ("/shipment_status_id", shipment),
            ("/current_status_id", order),
            ("/is_return", json!(is_return)),
        ];
        let event = read(&with(PUSH_2023, &changes));
        assert_eq!(event.pushed_type, format!("{table}{code}"));
        event.meaning
    };
    let transit = Meaning::Word(Word::Transit);
    for is_return in [0, 1] {
        for code in [44, 47, 48, 49, 52, 55, 56, 57, 68, 71, 72, 75, 76, 77, 79] {
            assert_eq!(meaning('S', code, is_return), Meaning::Unmapped, "S{code}");
        }
        for code in [
            9, 10, 21, 22, 53, 57, 58, 59, 62, 65, 66, 67, 68, 81, 82, 83, 87, 88, 89,
        ] {
            assert_eq!(meaning('O', code, is_return), Meaning::Unmapped, "O{code}");
        }
        for (table, code) in [('S', 50), ('S', 54), ('O', 60), ('O', 64)] {
            assert_eq!(meaning(table, code, is_return), transit, "{table}{code}");
        }
    }
    for (table, handed_over, back) in [('S', 51, 78), ('O', 61, 90)] {
        let word = Meaning::Word;
        assert_eq!(meaning(table, handed_over, 0), word(Word::PickedUp));
        assert_eq!(meaning(table, handed_over, 1), word(Word::ReturnPickedUp));
        assert_eq!(meaning(table, back, 0), word(Word::Rto));
        assert_eq!(meaning(table, back, 1), Meaning::Unmapped);
    }
}

#[test]
fn only_steps_before_the_courier_are_ignored() {
    let ignored: Vec<_> = Shiprocket
        .statuses()
        .into_iter()
        .filter(|status| status.forward == Meaning::Ignored)
        .map(|status| status.name)
        .collect();
    insta::assert_snapshot!(ignored.join(", "), @"Manifest Generated, Pending, Box Packing, FC Allocated, Picklist Generated, Ready To Pack, Packed, FC Manifest Generated, New, Box Packing, Darkstore Scheduled, Allocation in Progress, FC Allocated, Picklist Generated, Ready to Pack, Packed, FC Manifest Generated");
}

#[test]
fn nonsense_is_refused_with_pointers() {
    let pointers = |body: &str| match push::read(body.as_bytes()).unwrap_err() {
        Unreadable::Invalid(found) => found.into_iter().map(|found| found.pointer).collect(),
        Unreadable::NotJson(_) => vec!["not JSON".to_owned()],
    };
    assert_eq!(pointers("{}"), ["/awb", "/shipment_status_id"]);
    assert_eq!(pointers("[]"), ["/awb", "/shipment_status_id"]);
    assert_eq!(pointers(r#"{"awb": "1"}"#), ["/shipment_status_id"]);
    assert_eq!(pointers(r#"{"shipment_status_id": 7}"#), ["/awb"]);
    assert_eq!(
        pointers(r#"{"awb": "1", "shipment_status_id": -7}"#),
        ["/shipment_status_id"]
    );
    assert_eq!(pointers("x"), ["not JSON"]);
}

#[test]
fn both_mapped_tables() {
    let meaning = |meaning: Meaning| match meaning {
        Meaning::Word(word) | Meaning::Mapped(word) => word.to_string(),
        Meaning::Ignored => "ignored".to_owned(),
        Meaning::Unmapped => "unmapped".to_owned(),
    };
    let lines: Vec<_> = Shiprocket
        .statuses()
        .iter()
        .map(|status| {
            let (forward, returning) = (meaning(status.forward), meaning(status.returning));
            let both = if forward == returning {
                forward
            } else {
                format!("{forward}, of a return {returning}")
            };
            format!("{} {} {}: {both}", status.table, status.code, status.name)
        })
        .collect();
    assert_eq!(lines.len(), 60 + 82);
    insta::assert_snapshot!(lines.join("\n"));
}
