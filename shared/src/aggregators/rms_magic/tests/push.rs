//! Pushes.

use crate::aggregators::rms_magic::tests::*;
use crate::domain::notification::PushedEvent;

#[test]
fn a_push_is_one_event() {
    let push = br#"{"forwardOrderCode": "asdf1234", "notificationType": "DELIVERED", "shipmentType": "FORWARD", "logisticAggregatorName": "NARVAR"}"#;
    let account = Magic::at("127.0.0.1:9").account;
    assert_eq!(RmsMagic.read_push(&account, push).unwrap().len(), 1);
    assert!(matches!(
        RmsMagic.read_push(&account, b"{}"),
        Err(PushRejection::Unreadable(Unreadable::Invalid(_)))
    ));
}

fn pushed(more: &Value) -> Vec<PushedEvent> {
    let mut push = json!({
        "forwardOrderCode": "asdf1234", "notificationType": "UNDELIVERED", "shipmentType": "FORWARD",
        "logisticAggregatorName": "NARVAR",
    });
    let fields = push.as_object_mut().unwrap();
    fields.extend(more.as_object().unwrap().clone());
    let account = Magic::at("127.0.0.1:9").account;
    let body = push.to_string();
    RmsMagic.read_push(&account, body.as_bytes()).unwrap()
}

#[test]
fn details_of_the_event_become_texts() {
    let event = pushed(&json!({
        "reason": "Door closed", "attemptCount": 2, "location": "Kochi", "remark": " ",
        "expectedDeliveryDate": "2026-11-23", "color": "blue",
    }))
    .remove(0);
    let details: Vec<_> = event
        .details
        .iter()
        .map(|(name, text)| format!("{name}: {}", text.expose()))
        .collect();
    assert_eq!(
        details,
        [
            "Attempt Count: 2",
            "Expected Delivery Date: 2026-11-23",
            "Location: Kochi",
            "Reason: Door closed",
        ]
    );
    assert_eq!(pushed(&json!({}))[0].details, [].into());
}

#[test]
fn an_empty_container_of_a_return_is_no_return() {
    for nothing in [json!(null), json!([]), json!("")] {
        let event = pushed(&json!({"returnOrderInfo": nothing})).remove(0);
        assert_eq!(event.shipment.returning, None, "{nothing}");
    }
}

#[test]
fn invalid_details_do_not_refuse_a_push() {
    let event = pushed(&json!({"location": {"city": "Kochi"}, "reason": []})).remove(0);
    assert_eq!(event.details.len(), 1);
    assert_eq!(event.details["Location"].expose(), r#"{"city":"Kochi"}"#);
}

#[test]
fn no_line_is_dropped_between_items_and_line_items() {
    let lines = json!([{"sku": "sku-1", "quantity": 1.0}, {"sku": "sku-2", "quantity": "2"}]);
    for more in [
        json!({"items": lines}),
        json!({"lineItems": lines}),
        json!({"items": [], "lineItems": lines}),
        json!({"items": lines, "lineItems": lines}),
    ] {
        let event = pushed(&more).remove(0);
        let quantities: Vec<_> = event.items.iter().map(|item| item.quantity).collect();
        assert_eq!(quantities, [Some(1), Some(2)], "{more}");
    }
}
