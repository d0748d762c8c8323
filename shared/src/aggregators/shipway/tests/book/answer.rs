//! How each response to a booking is judged.

use crate::aggregators::shipway::Shipway;
use crate::aggregators::shipway::book::answer::{BookingAnswer, created};
use crate::aggregators::shipway::look_up::{KeptOrder, read_orders};
use crate::aggregators::shipway::tests::book::{book, label_when};
use crate::aggregators::shipway::tests::*;
use crate::aggregators::workbench::{with_odd_bytes, with_odd_values};
use crate::domain::booking::Booked;
use crate::domain::shipment::ShipmentType;
use crate::outbound::client::Reply;
use crate::partners::workbench::{MemoryProgress, warned_of};
use crate::telemetry::captured::Captured;

#[tokio::test]
async fn a_refused_order_has_shipways_message() {
    for (template, code, message) in [
        (
            ok(r#"{"success": false, "message": "Invalid zipcode"}"#),
            None,
            Some("Invalid zipcode"),
        ),
        (
            ok(r#"{"success": 0, "error": ["a", "b"], "message": "no"}"#),
            None,
            Some("a; b"),
        ),
        (ok(r#"{"status": "Error", "success": "0"}"#), None, None),
        (
            ok(r#"{"success": "false", "error": true, "message": "no"}"#),
            None,
            Some("no"),
        ),
        (
            answer(400, r#"{"message": "phone is required"}"#),
            Some("400"),
            Some("phone is required"),
        ),
        (answer(422, "<html>"), Some("422"), None),
    ] {
        let refusal = refused(label_when(template).await.unwrap_err());
        assert_eq!(
            (refusal.code.as_deref(), refusal.message.as_deref()),
            (code, message)
        );
    }
}

#[tokio::test]
async fn an_awb_with_invisible_characters_is_kept_without_them() {
    let plain = label_when(ok(BOOKED)).await.unwrap();
    let Booked::Now(booking) = &plain else {
        panic!("{plain:?}")
    };
    let awb = booking.awb.as_str();
    let odd = BOOKED.replace(awb, &format!("\u{202e}{awb}\u{200b}"));
    assert_ne!(odd, BOOKED);
    assert_eq!(label_when(ok(&odd)).await.unwrap(), plain);
}

#[tokio::test]
async fn a_long_refusal_is_truncated() {
    let body = json!({"success": false, "message": "ü".repeat(2000)}).to_string();
    let refusal = refused(label_when(ok(&body)).await.unwrap_err());
    assert_eq!(refusal.message.unwrap().chars().count(), 500);
}

#[tokio::test]
async fn an_order_whose_awb_is_refused_is_kept_with_the_courier_s_message() {
    for (answered, message) in [
        (
            json_of(AWB_REFUSED),
            "Your wallet balance is too low.; Please recharge.",
        ),
        (
            json!({"success": true, "message": "added", "awb_response": "carrier_id does not exist"}),
            "carrier_id does not exist",
        ),
        (
            json!({"success": true, "awb_response": {"success": 0, "AWB": "0", "message": "No courier found"}}),
            "No courier found",
        ),
        (
            json!({"success": true, "awb_response": {"message": "No courier found"}}),
            "No courier found",
        ),
        (
            json!({"success": false, "order_response": {"success": 1}, "awb_response": {"success": 0}, "message": "No money"}),
            "No money",
        ),
    ] {
        let bench = shipway().await;
        on(&bench, "POST", "/v2orders", ok(&answered.to_string())).await;
        let progress = MemoryProgress::default();
        let request = fixture(LABEL_MINIMAL);
        let failure = bench.book(&Shipway, &request, &progress).await.unwrap_err();
        assert_eq!(refused(failure).message.as_deref(), Some(message));
        assert_eq!(progress.reached()["order"], "SO-2042");
    }
}

#[tokio::test]
async fn an_inconclusive_response_leaves_the_outcome_unknown() {
    for body in [
        "",
        "null",
        "[]",
        "<html>ok</html>",
        "{}",
        r#"{"message": "Order has been added successfully."}"#,
        r#"{"success": true}"#,
        r#"{"success": true, "awb_response": {"success": true}}"#,
        r#"{"success": true, "awb_response": {"success": false, "AWB": "1"}}"#,
        r#"{"awb_response": {"AWB": "1"}}"#,
        r#"{"success": false, "awb_response": {"success": true}}"#,
        r#"{"awb_response": {"success": false}}"#,
        r#"{"success": true, "awb_response": {"success": true, "AWB": 1e22}}"#,
    ] {
        let failure = label_when(ok(body)).await.unwrap_err();
        assert!(
            matches!(failure, PartnerFailure::OutcomeUnknown),
            "{body}: {failure:?}"
        );
    }
    let long = json!({"success": true, "awb_response": {"success": true, "AWB": "1".repeat(101)}});
    let failure = label_when(ok(&long.to_string())).await.unwrap_err();
    assert!(matches!(failure, PartnerFailure::OutcomeUnknown));
}

#[tokio::test]
async fn a_bad_key_throttling_and_a_fault_are_distinguished() {
    let failure = label_when(answer(401, "{}")).await.unwrap_err();
    assert!(matches!(failure, PartnerFailure::BadCredentials));
    let failure = label_when(answer(429, "{}")).await.unwrap_err();
    assert!(matches!(failure, PartnerFailure::Throttled(None)));
    let failure = label_when(answer(503, "{}")).await.unwrap_err();
    assert!(matches!(failure, PartnerFailure::OutcomeUnknown));
}

#[tokio::test]
async fn a_booking_without_a_response_may_have_happened() {
    for (target, body) in [
        ("/v2orders", LABEL_MINIMAL),
        ("/Createreturns", RETURN_RICH),
    ] {
        let mut bench = shipway().await;
        bench.deadline = IMPATIENCE;
        on(&bench, "POST", target, late(BOOKED)).await;
        let failure = book(&bench, &fixture(body)).await.unwrap_err();
        assert!(matches!(failure, PartnerFailure::OutcomeUnknown));
    }
}

#[tokio::test]
async fn garbage_logs_one_warning_with_its_shape() {
    let captured = Captured::start();
    label_when(ok("<html>")).await.unwrap_err();
    assert_eq!(warned_of(&captured), ["book outcome-unknown 200 6"]);
}

fn reply(body: Vec<u8>) -> Reply {
    Reply {
        status: 200,
        retry_after: None,
        content_type: None,
        body,
        truncated: false,
    }
}

fn booked(body: Vec<u8>, shipment_type: ShipmentType) -> Booking {
    let created = created(&reply(body), &"SO-2042".parse().unwrap(), shipment_type);
    let BookingAnswer::Booked(booking) = created else {
        panic!("{created:?}");
    };
    *booking
}

#[test]
fn the_awb_is_kept_whatever_the_other_values_are() {
    let needed = [
        "/success",
        "/awb_response",
        "/awb_response/success",
        "/awb_response/AWB",
        "/create_return_response/success",
    ];
    for (fixture, shipment_type) in [
        (BOOKED, ShipmentType::Forward),
        (RETURN_BOOKED, ShipmentType::Return),
    ] {
        let valid = json_of(fixture);
        let whole = booked(valid.to_string().into_bytes(), shipment_type);
        for (pointer, odd) in with_odd_values(&valid, &needed) {
            let kept = booked(odd.to_string().into_bytes(), shipment_type);
            assert_eq!(kept.awb, whole.awb, "{pointer}");
            let texts = kept.own_ids.values().chain(&kept.carrier_name);
            assert!(texts.clone().all(|text| text.chars().count() <= 500));
            assert!(texts.clone().all(|text| !text.contains(char::is_control)));
        }
        assert_eq!(booked(with_odd_bytes(&valid), shipment_type), whole);
    }
}

#[test]
fn the_awb_of_an_order_is_kept_whatever_the_other_values_are() {
    let row = json_of(ORDERS)["message"][0].clone();
    let order_id = row["order_id"].as_str().unwrap().parse().unwrap();
    let needed = ["/order_id", "/tracking_number", "/shipment_status"];
    for (pointer, odd) in with_odd_values(&row, &needed) {
        let kept = read_orders(
            &reply(rows(json!([odd])).into_bytes()),
            &order_id,
            ShipmentType::Forward,
        );
        let KeptOrder::Booked(booking) = kept.unwrap() else {
            panic!("{pointer}");
        };
        assert_eq!(
            booking.awb.as_str(),
            row["tracking_number"].as_str().unwrap()
        );
    }
}
