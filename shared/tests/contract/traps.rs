//! The documents contradict themselves: one test for each contradiction and its resolution.

use logistics::contract::fields::Unreadable;
use logistics::contract::messages::notification::NotificationBody;
use logistics::contract::shipment::body::ShipmentBody;
use logistics::domain::notification::{
    Identity, Meaning, Notification, NotificationType, PushedEvent,
};
use logistics::domain::order::ShipmentRequest;
use serde_json::{Value, json};

use crate::reading::{
    COURIER_ANSWER, FORWARD_PUSH, LABEL_ANSWER, LABEL_REQUEST, RETURN_ANSWER, RETURN_PUSH,
    RETURN_REQUEST, SETTLEMENT, couriers, label, label_answer, push, renamed, return_answer,
    return_awb, settle, violations, with, wrong,
};

fn sample_label() -> ShipmentRequest {
    label(LABEL_REQUEST.as_bytes()).unwrap().request
}

/// The shipment and the items of a push, without the identity, which depends on the bytes.
fn told(event: PushedEvent) -> PushedEvent {
    PushedEvent {
        identity: Identity::Event(String::new()),
        ..event
    }
}

#[test]
fn forward_order_id_is_read_as_forward_order_code() {
    let event = push(&renamed(
        FORWARD_PUSH,
        "/forwardOrderCode",
        "forwardOrderId",
    ))
    .unwrap();
    assert_eq!(told(event), told(push(FORWARD_PUSH.as_bytes()).unwrap()));
}

#[test]
fn items_are_read_as_line_items_too() {
    let event = push(&renamed(FORWARD_PUSH, "/items", "lineItems")).unwrap();
    assert_eq!(told(event), told(push(FORWARD_PUSH.as_bytes()).unwrap()));
    assert_eq!(
        wrong(push(&with(
            RETURN_PUSH,
            "/lineItems/0",
            json!({"quantity": 1})
        ))),
        ["/lineItems/0/sku"]
    );
}

#[test]
fn items_may_be_empty_or_absent() {
    for items in [Some(json!([])), Some(Value::Null), None] {
        let event = push(&with(FORWARD_PUSH, "/items", items)).unwrap();
        assert_eq!(event.items, []);
    }
}

#[test]
fn order_line_item_list_is_read_too() {
    let pointer = "/orderDetails/orderLineItems";
    let request = label(&renamed(LABEL_REQUEST, pointer, "orderLineItemList"));
    assert_eq!(request.unwrap().request, sample_label());
}

#[test]
fn courier_name_carrier_name_and_transporter_are_synonyms() {
    for name in ["carrierName", "courierName", "transporter"] {
        let booking = label_answer(&renamed(LABEL_ANSWER, "/carrierName", name)).unwrap();
        assert_eq!(booking.carrier_name.as_deref(), Some("Delhivery"), "{name}");
        let booking = return_answer(&renamed(RETURN_ANSWER, "/carrierName", name)).unwrap();
        assert_eq!(booking.carrier_name.as_deref(), Some("Delhivery"), "{name}");
        let settled = settle(&renamed(SETTLEMENT, "/carrierName", name)).unwrap();
        let carrier = settled.booking.unwrap().carrier_name;
        assert_eq!(carrier.as_deref(), Some("Delhivery"), "{name}");
        let event = push(&with(FORWARD_PUSH, &format!("/{name}"), json!("SELF"))).unwrap();
        assert_eq!(
            event.shipment.carrier_name.as_deref(),
            Some("SELF"),
            "{name}"
        );
        let event = push(&renamed(RETURN_PUSH, "/returnOrderInfo/carrierName", name)).unwrap();
        let carrier = event.shipment.returning.unwrap().carrier_name;
        assert_eq!(carrier.as_deref(), Some("Delhivery Reverse"), "{name}");
        let list = couriers(&renamed(COURIER_ANSWER, "/couriers/0/courierName", name)).unwrap();
        assert_eq!(list[0].name, "Delhivery", "{name}");
    }
}

#[test]
fn a_return_s_awb_may_be_called_awb() {
    let booking = return_answer(&renamed(RETURN_ANSWER, "/returnAwb", "awb")).unwrap();
    assert_eq!(booking.awb.as_str(), "71902671");
}

#[test]
fn curly_quotes_are_not_json_and_the_error_says_where() {
    let body = RETURN_REQUEST.replacen('"', "\u{201c}", 1);
    let Err(Unreadable::NotJson(detail)) = return_awb(body.as_bytes()) else {
        panic!("curly quotes are not JSON")
    };
    assert!(detail.contains("line 2 column 3"), "{detail}");
}

#[test]
fn the_sample_s_item_list_without_objects_is_not_json() {
    let body = r#"{"items": ["sku": "sku-1", "quantity": 1]}"#;
    assert!(matches!(
        push(body.as_bytes()),
        Err(Unreadable::NotJson(detail)) if detail.contains("line 1 column 17")
    ));
}

#[test]
fn amounts_and_measures_may_be_numbers_or_numeric_strings() {
    let amount = |value| with(LABEL_REQUEST, "/orderDetails/orderAmount", value);
    let length = |value| with(LABEL_REQUEST, "/shipmentDimension/length", value);
    for value in [
        json!(50),
        json!(50.00),
        json!("50.00"),
        json!("50"),
        json!(5e1),
    ] {
        let request = label(&amount(value.clone())).unwrap().request;
        assert_eq!(request.amount.value().to_string(), "50", "{value}");
        let request = label(&length(value.clone())).unwrap().request;
        assert_eq!(request.parcel.length.value().to_string(), "50", "{value}");
        let body = serde_json::to_value(ShipmentBody::from(&request)).unwrap();
        assert_eq!(body["shipmentDimension"]["length"].to_string(), "50");
    }
}

#[test]
fn money_is_exact() {
    for exact in ["0.1", "100.3", "99999999999.9999", "100000000000"] {
        let body = with(LABEL_REQUEST, "/orderDetails/orderAmount", json!(exact));
        let request = label(&body).unwrap().request;
        let body = serde_json::to_value(ShipmentBody::from(&request)).unwrap();
        assert_eq!(body["orderDetails"]["orderAmount"].to_string(), exact);
    }
    for inexact in ["230.00000000000000000000000000000001", "1_000", "0.00001"] {
        let body = with(LABEL_REQUEST, "/orderDetails/orderAmount", json!(inexact));
        assert_eq!(
            wrong(label(&body)),
            ["/orderDetails/orderAmount"],
            "{inexact}"
        );
    }
}

#[test]
fn a_contradiction_of_return_order_info_and_shipment_type_is_a_violation() {
    let forward = with(RETURN_PUSH, "/shipmentType", json!("FORWARD"));
    assert_eq!(wrong(push(&forward)), ["/returnOrderInfo"]);
    for nothing in [Some(Value::Null), None] {
        let returning = with(RETURN_PUSH, "/returnOrderInfo", nothing);
        assert_eq!(wrong(push(&returning)), ["/returnOrderInfo"]);
    }
}

#[test]
fn a_label_is_forward_and_a_return_awb_is_a_return() {
    assert_eq!(
        wrong(label(RETURN_REQUEST.as_bytes())),
        ["/orderDetails/shipmentType"]
    );
    assert_eq!(
        wrong(return_awb(LABEL_REQUEST.as_bytes())),
        ["/orderDetails/shipmentType", "/returnReason"]
    );
}

#[test]
fn an_order_date_is_rfc_3339_and_not_an_epoch() {
    let date = |value| with(LABEL_REQUEST, "/orderDetails/orderDate", value);
    let request = label(&date(json!("2022-03-16T07:01:02.250Z")))
        .unwrap()
        .request;
    assert_eq!(
        request.order_date.instant.as_millisecond(),
        1_647_414_062_250
    );
    for wrong_date in [
        json!(1_647_414_062),
        json!("1647414062"),
        json!("2022-03-16T12:31:02"),
        json!("2022-03-16"),
        json!("2022-03-16T12:31:02+05:30:30"),
        json!("+012022-03-16T12:31:02+05:30"),
        json!("-000001-03-16T12:31:02+05:30"),
    ] {
        let wrong = wrong(label(&date(wrong_date.clone())));
        assert_eq!(wrong, ["/orderDetails/orderDate"], "{wrong_date}");
    }
}

#[test]
fn notification_update_time_is_in_epoch_seconds() {
    let event = push(FORWARD_PUSH.as_bytes()).unwrap();
    let payload = NotificationBody::from(&Notification {
        forward_order: event.shipment.forward_order_code,
        shipment_code: None,
        forward_awb: None,
        carrier_name: None,
        notification_type: NotificationType::Transit,
        received_at: "2023-03-16T06:57:24.999Z".parse().unwrap(),
        occurred_at: None,
        aggregator_name: "NARVAR".to_owned(),
        meta_data: std::collections::BTreeMap::new(),
        returning: None,
        warehouse: None,
        items: Vec::new(),
    });
    assert_eq!(payload.notification_update_time, 1_678_949_844);
}

#[test]
fn courier_id_is_optional_and_a_whole_number() {
    let courier = |value| with(LABEL_REQUEST, "/courierId", value);
    for (value, read) in [
        (Some(json!(1001)), Some("1001")),
        (Some(json!("1001")), Some("1001")),
        (Some(json!(i64::MAX)), Some("9223372036854775807")),
        (Some(Value::Null), None),
        (Some(json!("")), None),
        (None, None),
    ] {
        let request = label(&courier(value)).unwrap().request;
        assert_eq!(
            request
                .courier
                .as_ref()
                .map(logistics::domain::text::Text::as_str),
            read
        );
        let body = serde_json::to_value(ShipmentBody::from(&request)).unwrap();
        let sent = body.get("courierId").map(Value::to_string);
        assert_eq!(sent.as_deref(), read);
    }
    for value in [
        json!(1.5),
        json!(-1),
        json!("+1"),
        json!("007"),
        json!("one"),
        json!(1e20),
        json!(true),
    ] {
        assert_eq!(
            wrong(label(&courier(Some(value.clone())))),
            ["/courierId"],
            "{value}"
        );
    }
}

#[test]
fn an_aggregator_s_order_id_may_be_a_whole_number_without_lost_digits() {
    let id = |value| label_answer(&with(LABEL_ANSWER, "/orderId", value));
    let booking = id(json!(11012)).unwrap();
    assert_eq!(booking.order_id.unwrap().as_str(), "11012");
    for lost in [json!(1.25e29), json!(11012.5)] {
        let booking = id(lost).unwrap();
        assert_eq!((booking.order_id, booking.awb.as_str()), (None, "71902671"));
    }
}

#[test]
fn in_transit_is_transit_and_return_pickup_is_return_picked_up() {
    let word = |word: &str| {
        let event = push(&with(FORWARD_PUSH, "/notificationType", json!(word))).unwrap();
        (event.meaning.word(), event.pushed_type)
    };
    assert_eq!(
        word("IN_TRANSIT"),
        (Some(NotificationType::Transit), "IN_TRANSIT".to_owned())
    );
    assert_eq!(
        word("RETURN_PICKUP"),
        (
            Some(NotificationType::ReturnPickedUp),
            "RETURN_PICKUP".to_owned()
        )
    );
    assert_eq!(word("TRANSIT").0, Some(NotificationType::Transit));
}

#[test]
fn an_unknown_notification_type_is_unmapped_and_not_an_error() {
    for unknown in ["TELEPORTED", "delivered", " DELIVERED", "Delivered"] {
        let event = push(&with(FORWARD_PUSH, "/notificationType", json!(unknown))).unwrap();
        assert_eq!(event.meaning, Meaning::Unmapped, "{unknown}");
        assert_eq!(event.pushed_type, unknown);
    }
    let none = push(&with(FORWARD_PUSH, "/notificationType", json!("")));
    assert_eq!(wrong(none), ["/notificationType"]);
}

#[test]
fn the_identity_of_a_push_is_its_event_id_or_else_its_bytes() {
    let body = with(FORWARD_PUSH, "/eventId", json!("event-1"));
    let event = push(&body).unwrap();
    assert_eq!(event.identity, Identity::Event("event-1".to_owned()));
    let first = push(FORWARD_PUSH.as_bytes()).unwrap().identity;
    assert_eq!(first, push(FORWARD_PUSH.as_bytes()).unwrap().identity);
    assert_ne!(first, push(RETURN_PUSH.as_bytes()).unwrap().identity);
}

#[test]
fn an_event_time_is_an_optional_instant() {
    let body = with(
        FORWARD_PUSH,
        "/eventTime",
        json!("2023-03-16T12:27:24+05:30"),
    );
    let event = push(&body).unwrap();
    assert_eq!(event.occurred_at.unwrap().as_second(), 1_678_949_844);
    assert_eq!(push(FORWARD_PUSH.as_bytes()).unwrap().occurred_at, None);
}

#[test]
fn a_shipment_code_is_optional_and_our_extensions_are_returned() {
    let body = with(LABEL_REQUEST, "/shipmentCode", json!("101"));
    let request = label(&body).unwrap().request;
    assert_eq!(request.shipment_code.unwrap().as_str(), "101");
    let pointer = "/orderDetails/orderLineItems/1/itemId";
    let request = label(&with(LABEL_REQUEST, pointer, json!("2")))
        .unwrap()
        .request;
    assert_eq!(request.lines[1].item_id.as_deref(), Some("2"));
    assert_eq!(sample_label().currency.as_str(), "INR");
}

#[test]
fn unknown_fields_are_ignored() {
    for pointer in [
        "/giftWrap",
        "/pickupAddress/floor",
        "/orderDetails/orderLineItems/0/hsn",
    ] {
        let request = label(&with(LABEL_REQUEST, pointer, json!({"a": [1]}))).unwrap();
        assert_eq!(request.request, sample_label());
    }
}

#[test]
fn sums_of_lines_are_not_checked_against_the_order_amount() {
    let body = with(LABEL_REQUEST, "/orderDetails/orderAmount", json!(1));
    assert!(label(&body).is_ok());
}

#[test]
fn all_violations_are_reported_at_once() {
    let body = json!({
        "pickupAddress": {"firstName": 1},
        "dropAddress": [],
        "orderDetails": {"orderNumber": "", "orderLineItems": [{"quantity": 0}, 7]},
        "courierId": "one",
    });
    let found = violations(label(&serde_json::to_vec(&body).unwrap()));
    let lines: Vec<_> = found
        .iter()
        .map(|violation| format!("{} {}", violation.pointer, violation.detail))
        .collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn a_settlement_has_a_booking_or_none() {
    let nothing = settle(br#"{"orderNumber": "asdf1234", "none": true}"#).unwrap();
    assert_eq!(nothing.booking, None);
    for awb in ["awb", "returnAwb"] {
        let body = format!(r#"{{"orderNumber": "asdf1234", "none": true, "{awb}": "1"}}"#);
        assert_eq!(wrong(settle(body.as_bytes())), ["/none"], "{awb}");
    }
    let neither = settle(br#"{"orderNumber": "asdf1234", "none": false}"#);
    assert_eq!(wrong(neither), ["/awb"]);
}
