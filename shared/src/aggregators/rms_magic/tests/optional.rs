//! Optional fields of a booking. The AWB has been bought: it is kept whatever the other values are.

use crate::aggregators::rms_magic::tests::*;
use crate::aggregators::workbench::{with_odd_bytes, with_odd_values};
use crate::telemetry::captured::Captured;

fn awb(booked: Result<Booked, PartnerFailure>) -> String {
    match booked {
        Ok(Booked::Now(booking)) => booking.awb.to_string(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_label_is_kept_whatever_its_other_values_are() {
    let answer = json_of(LABEL_ANSWER);
    for (pointer, odd) in with_odd_values(&answer, &["/awb", "/orderNumber"]) {
        let (_server, magic) = answering(body(&odd.to_string())).await;
        assert_eq!(awb(magic.label().await), "71902671", "{pointer}");
        let found = magic.look_up(LookedUp::default()).await.unwrap();
        assert!(matches!(found, LookUp::Booking(_)), "{pointer}");
    }
}

#[tokio::test]
async fn a_return_awb_is_kept_whatever_its_other_values_are() {
    let answer = json_of(RETURN_ANSWER);
    for (pointer, odd) in with_odd_values(&answer, &["/returnAwb", "/orderNumber"]) {
        let (_server, magic) = answering(body(&odd.to_string())).await;
        assert_eq!(awb(magic.return_awb().await), "71902671", "{pointer}");
    }
}

#[tokio::test]
async fn a_label_is_kept_if_other_values_cannot_be_represented() {
    let odd = with_odd_bytes(&json_of(LABEL_ANSWER));
    let (_server, magic) = answering(super::answer(200, odd)).await;
    assert_eq!(magic.label().await.unwrap(), Booked::Now(label_booking()));
}

#[tokio::test]
async fn an_order_number_may_be_a_number() {
    let mut numbered = json_of(LABEL_ANSWER);
    numbered["orderNumber"] = json!(1001);
    let (_server, magic) = answering(body(&numbered.to_string())).await;
    let request = LABEL_REQUEST.replace("asdf1234", "1001");
    assert_eq!(
        awb(magic.book(&request, ShipmentType::Forward).await),
        "71902671"
    );
    let other = magic.look_up(LookedUp::default()).await;
    assert!(
        matches!(other, Err(PartnerFailure::Unreadable)),
        "{other:?}"
    );
}

#[tokio::test]
async fn what_was_dropped_is_logged_by_name() {
    let mut odd = json_of(LABEL_ANSWER);
    odd["carrierName"] = json!(["Secret Courier"]);
    odd["shippingLabelUrl"] = json!("javascript:alert('secret')");
    odd["orderId"] = json!("1".repeat(101));
    let (_server, magic) = answering(body(&odd.to_string())).await;
    let captured = Captured::start();
    let booked = magic.label().await.unwrap();
    assert_eq!(
        booked,
        Booked::Now(Booking {
            order_id: None,
            carrier_name: None,
            label_url: None,
            ..label_booking()
        })
    );
    let lines = captured.lines();
    let warning = lines.iter().find(|line| line["level"] == "WARN").unwrap();
    let mut fields: Vec<&str> = warning["fields"].as_str().unwrap().split(", ").collect();
    fields.sort_unstable();
    assert_eq!(fields, ["carrierName", "orderId", "shippingLabelUrl"]);
    assert!(!json!(lines).to_string().to_lowercase().contains("secret"));
}
