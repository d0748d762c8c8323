//! How each response to a creating call is judged.

use proptest::prelude::*;

use crate::aggregators::clickpost::book::answer::{ExpectedOrder, booked};
use crate::aggregators::clickpost::book::{BOOK, ORDERED};
use crate::aggregators::clickpost::refusal::accept;
use crate::aggregators::clickpost::tests::wire::{any_json, mutated, reply};
use crate::aggregators::clickpost::tests::*;
use crate::aggregators::workbench::{with_odd_bytes, with_odd_values};
use crate::domain::booking::Booking;
use crate::partners::transport::Operation;

fn judge(answer: &Value) -> Result<Booked, PartnerFailure> {
    judge_bytes(answer.to_string().as_bytes())
}

fn judge_bytes(answer: &[u8]) -> Result<Booked, PartnerFailure> {
    let ours = ExpectedOrder {
        reference_number: "CP-1001-.P2".to_owned(),
        order_number: "CP-1001",
        courier: 7,
        account_code: Some("Sent"),
    };
    booked(&accept(&reply(answer), &ORDERED, BOOK)?, &ours)
}

fn booking(answer: &Value) -> Booking {
    match judge(answer).unwrap() {
        Booked::Now(booking) => booking,
        Booked::Later => panic!("queued"),
    }
}

fn told(booking: &Booking) -> Vec<(&str, &str)> {
    let told = booking.meta_data.iter();
    told.map(|(name, value)| (name.as_str(), value.expose()))
        .collect()
}

#[test]
fn an_order_is_a_booking() {
    let booking = booking(&body(ORDER_ANSWER));
    assert_eq!(booking.awb.as_str(), "7000001234");
    assert_eq!(booking.order_id.as_ref().unwrap().as_str(), "300100200");
    assert_eq!(booking.carrier_name.as_deref(), Some("Delhivery"));
    assert_eq!(
        booking.label_url.as_ref().unwrap().as_str(),
        "https://labels.example/CP-1001.pdf?Expires=1&Signature=s"
    );
    assert_eq!(booking.commercial_invoice_url, None);
    assert_eq!(
        told(&booking),
        [
            ("Account Code", "Delhivery Kochi"),
            ("Security Key", "11111111-2222-3333-4444-555555555555")
        ]
    );
    assert_eq!(booking.own_ids[COURIER], "4");
    assert_eq!(booking.own_ids[ACCOUNT_CODE], "Delhivery Kochi");
}

#[test]
fn an_existing_order_is_the_same_booking_without_the_omitted_fields() {
    let before = booking(&body(REPEATED_ANSWER));
    let first = booking(&body(ORDER_ANSWER));
    assert_eq!(before.awb, first.awb);
    assert_eq!(before.order_id, first.order_id);
    assert_eq!(told(&before)[0], ("Account Code", "Sent"));
}

#[test]
fn an_international_order_has_a_commercial_invoice() {
    let name = ("/result/reference_number", json!("CP-1001-.P2"));
    let booking = booking(&changed(ABROAD_ANSWER, &[name]));
    assert_eq!(
        booking.commercial_invoice_url.unwrap().as_str(),
        "https://labels.example/INVOICE/CP-2001.pdf"
    );
}

#[test]
fn an_awb_with_invisible_characters_is_kept_without_them() {
    let awb = ("/result/waybill", json!("7000\u{200b}001234\u{feff}"));
    assert_eq!(
        booking(&changed(ORDER_ANSWER, &[awb])),
        booking(&body(ORDER_ANSWER))
    );
}

#[test]
fn a_return_has_no_label_and_missing_values_are_filled_from_the_request() {
    let result = json!({"waybill": 588_814_391_800_i64, "label": "NA", "order_id": "CP-1001"});
    let booking = booking(&json!({"meta": {"status": "200"}, "result": result}));
    assert_eq!(booking.awb.as_str(), "588814391800");
    assert_eq!(booking.label_url, None);
    assert_eq!(booking.order_id.unwrap().as_str(), "CP-1001-.P2");
    assert_eq!(booking.own_ids[COURIER], "7");
    assert_eq!(booking.own_ids[ACCOUNT_CODE], "Sent");
}

#[test]
fn an_order_without_an_awb_is_queued() {
    for answer in [
        json!({"meta": {"status": 202, "success": true}, "result": {"waybill": null}, "order_id": 5}),
        json!({"meta": {"status": 102, "success": false}, "result": {"waybill": null}}),
        json!({"meta": {"status": 200, "success": true}}),
        json!({"meta": {"status": 200, "success": true}, "result": null}),
        json!({"meta": {"status": 323, "success": true}, "result": {"waybill": ""}}),
    ] {
        assert_eq!(judge(&answer).unwrap(), Booked::Later, "{answer}");
    }
}

#[test]
fn another_order_or_an_invalid_awb_leaves_the_outcome_unknown() {
    for (pointer, value) in [
        ("/result/reference_number", json!("CP-1001")),
        ("/result/waybill", json!("w".repeat(101))),
    ] {
        let failure = judge(&changed(ORDER_ANSWER, &[(pointer, value)]));
        assert!(matches!(failure, Err(PartnerFailure::OutcomeUnknown)));
    }
    let queued = json!({"meta": {"status": 202, "reference_number": "another"}});
    assert!(matches!(
        judge(&queued),
        Err(PartnerFailure::OutcomeUnknown)
    ));
}

#[test]
fn a_refused_key_means_bad_credentials() {
    let failure = judge(&meta(301, "Authentication Failed")).unwrap_err();
    assert!(matches!(failure, PartnerFailure::BadCredentials));
}

#[test]
fn a_fault_of_the_courier_or_clickpost_is_inconclusive() {
    for code in [303, 322, 329, 500] {
        let fault = meta(code, "fault");
        let created = judge(&fault);
        assert!(
            matches!(created, Err(PartnerFailure::OutcomeUnknown)),
            "{code}"
        );
        let read = accept(
            &reply(fault.to_string().as_bytes()),
            &[200],
            Operation::reads("look_up"),
        );
        assert_eq!(
            matches!(read, Err(PartnerFailure::Unreachable)),
            code != 303
        );
    }
}

#[test]
fn every_other_code_is_a_refusal_with_their_message() {
    for code in [
        302, 307, 308, 309, 310, 311, 312, 313, 314, 315, 316, 319, 320, 321, 324, 325, 326, 328,
        330, 350, 351, 352, 353, 354, 355, 400, 422, 999,
    ] {
        let failure = judge(&meta(code, "Pincode not served")).unwrap_err();
        let PartnerFailure::Refused(refusal) = failure else {
            panic!("{code}: {failure:?}");
        };
        let expected = Refusal {
            code: Some(code.to_string()),
            message: Some("Pincode not served".to_owned()),
        };
        assert_eq!(refusal, expected);
    }
}

#[test]
fn a_long_message_is_truncated() {
    let Err(PartnerFailure::Refused(refusal)) = judge(&meta(319, &"ü".repeat(2000))) else {
        panic!("no refusal");
    };
    assert_eq!(refusal.message.unwrap().chars().count(), 500);
}

#[test]
fn an_unreadable_response_is_unclear() {
    for garbage in [
        "",
        "null",
        "[]",
        "{}",
        "<html>",
        "{\"meta\": 200}",
        "{\"meta\": {\"status\": \"NA\"}}",
        "{\"meta\": {\"status\": null}, \"result\": {\"waybill\": \"1\"}}",
        "{\"meta\": {\"status\": 200.5}}",
    ] {
        let created = judge_bytes(garbage.as_bytes());
        assert!(
            matches!(created, Err(PartnerFailure::OutcomeUnknown)),
            "{garbage}"
        );
        let read = accept(
            &reply(garbage.as_bytes()),
            &[200],
            Operation::reads("look_up"),
        );
        assert!(matches!(read, Err(PartnerFailure::Unreadable)), "{garbage}");
    }
}

#[test]
fn the_awb_is_kept_whatever_the_other_values_are() {
    let needed = [
        "/meta",
        "/meta/status",
        "/meta/reference_number",
        "/result",
        "/result/waybill",
        "/result/reference_number",
    ];
    let abroad = changed(
        ABROAD_ANSWER,
        &[("/result/reference_number", json!("CP-1001-.P2"))],
    );
    for valid in [body(ORDER_ANSWER), abroad] {
        let awb = booking(&valid).awb;
        for (pointer, odd) in with_odd_values(&valid, &needed) {
            let kept = booking(&odd);
            assert_eq!(kept.awb, awb, "{pointer}");
            assert!(kept.own_ids[COURIER].parse::<i64>().is_ok(), "{pointer}");
            let longest = kept.own_ids.values().chain(&kept.carrier_name);
            assert!(longest.clone().all(|text| text.chars().count() <= 500));
            assert!(longest.clone().all(|text| !text.contains(char::is_control)));
        }
    }
    let odd = with_odd_bytes(&body(ORDER_ANSWER));
    let Booked::Now(kept) = judge_bytes(&odd).unwrap() else {
        panic!("queued");
    };
    assert_eq!(kept, booking(&body(ORDER_ANSWER)));
}

proptest! {
    #[test]
    fn no_mutation_of_an_order_response_panics(
        which in 0..3_usize, index: usize, with in proptest::option::of(any_json()),
    ) {
        let valid = body([ORDER_ANSWER, REPEATED_ANSWER, ABROAD_ANSWER][which]);
        if let Ok(Booked::Now(booking)) = judge(&mutated(valid, index, with)) {
            prop_assert!(booking.own_ids.contains_key(COURIER));
        }
    }

    #[test]
    fn no_json_panics(answer in any_json(), bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
        drop(judge(&answer));
        drop(judge(&json!({"meta": {"status": 200}, "result": answer})));
        drop(judge_bytes(&bytes));
    }
}
