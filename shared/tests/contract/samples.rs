//! The documents' samples are read and written as documented.

use logistics::contract::booking::{LabelBody, ReturnAwbBody};
use logistics::contract::courier::{CouriersBody, RouteBody};
use logistics::contract::messages::invoice::InvoiceNotificationBody;
use logistics::contract::messages::notification::NotificationBody;
use logistics::contract::shipment::body::ShipmentBody;
use logistics::domain::invoice::{DocumentKind, GeneratedInvoice, InvoiceId};
use logistics::domain::notification::{
    AggregatorLabel, Meaning, Notification, NotificationType, NotifiedItem, NotifiedReturn,
};
use logistics::domain::order::Purpose;
use serde::Serialize;

use crate::reading::{
    COURIER_ANSWER, COURIER_REQUEST, FORWARD_NOTIFICATION, FORWARD_PUSH, INVOICE_NOTIFICATION,
    LABEL_ANSWER, LABEL_REQUEST, RETURN_ANSWER, RETURN_NOTIFICATION, RETURN_PUSH, RETURN_REQUEST,
    SETTLEMENT, couriers, label, label_answer, push, return_answer, return_awb, route, settle,
};

fn written(body: &impl Serialize) -> String {
    serde_json::to_string_pretty(body).unwrap() + "\n"
}

#[test]
fn the_label_request_is_read_and_passed_on() {
    let addressed = label(LABEL_REQUEST.as_bytes()).unwrap();
    assert_eq!(addressed.alias, None);
    assert_eq!(addressed.request.purpose, Purpose::Forward);
    insta::assert_snapshot!(written(&ShipmentBody::from(&addressed.request)));
}

#[test]
fn the_return_request_is_read_and_passed_on() {
    let addressed = return_awb(RETURN_REQUEST.as_bytes()).unwrap();
    let reason = "Wrong product".to_owned();
    assert_eq!(addressed.request.purpose, Purpose::Return { reason });
    insta::assert_snapshot!(written(&ShipmentBody::from(&addressed.request)));
}

#[test]
fn the_label_response_is_read_and_returned_unchanged() {
    let booking = label_answer(LABEL_ANSWER.as_bytes()).unwrap();
    let order_number = "asdf1234".parse().unwrap();
    let body = LabelBody::new(&order_number, &booking, &[]);
    assert_eq!(written(&body), LABEL_ANSWER);
}

#[test]
fn the_return_response_is_read_and_returned_unchanged() {
    let booking = return_answer(RETURN_ANSWER.as_bytes()).unwrap();
    let order_number = "asdf1234".parse().unwrap();
    let body = ReturnAwbBody::new(&order_number, &booking, &[]);
    assert_eq!(written(&body), RETURN_ANSWER);
}

#[test]
fn the_courier_request_is_read_and_passed_on_unchanged() {
    let addressed = route(COURIER_REQUEST.as_bytes()).unwrap();
    assert_eq!(written(&RouteBody::from(&addressed.route)), COURIER_REQUEST);
}

#[test]
fn the_courier_response_is_read_and_returned_unchanged() {
    let recommended = couriers(COURIER_ANSWER.as_bytes()).unwrap();
    assert_eq!(written(&CouriersBody::from(recommended)), COURIER_ANSWER);
}

#[test]
fn the_settlement_is_read() {
    let settlement = settle(SETTLEMENT.as_bytes()).unwrap();
    let booking = settlement.booking.unwrap();
    assert_eq!(settlement.order_number.as_str(), "asdf1234");
    assert_eq!(booking, label_answer(LABEL_ANSWER.as_bytes()).unwrap());
}

#[test]
fn the_forward_push_is_read() {
    let event = push(FORWARD_PUSH.as_bytes()).unwrap();
    let shipment = &event.shipment;
    assert_eq!(event.meaning, Meaning::Word(NotificationType::Transit));
    assert_eq!(event.pushed_type, "IN_TRANSIT");
    assert_eq!(
        event.aggregator_name,
        AggregatorLabel::Pushed("NARVAR".to_owned())
    );
    assert_eq!(shipment.forward_order_code.as_str(), "asdf1234");
    assert_eq!(shipment.awb().unwrap().as_str(), "12541231");
    assert_eq!(shipment.returning, None);
    assert_eq!(event.warehouse.unwrap().as_str(), "wh-1");
    assert_eq!(event.items, goods(None, "sku-1"));
}

#[test]
fn the_return_push_is_read() {
    let event = push(RETURN_PUSH.as_bytes()).unwrap();
    let shipment = &event.shipment;
    let returning = shipment.returning.as_ref().unwrap();
    assert_eq!(
        event.meaning,
        Meaning::Word(NotificationType::ReturnPickedUp)
    );
    assert_eq!(shipment.forward_order_code.as_str(), "asdf1234");
    assert_eq!(shipment.forward_awb.as_ref().unwrap().as_str(), "12541231");
    assert_eq!(shipment.order_code().as_str(), "return-asdf1234");
    assert_eq!(shipment.awb().unwrap().as_str(), "return1235123");
    assert_eq!(returning.carrier_name.as_deref(), Some("Delhivery Reverse"));
    assert_eq!(event.items, goods(None, "sku-1"));
}

fn goods(item_id: Option<&str>, sku: &str) -> Vec<NotifiedItem> {
    vec![NotifiedItem {
        item_id: item_id.map(str::to_owned),
        sku: Some(sku.to_owned()),
        quantity: Some(1),
    }]
}

fn forward_notification() -> Notification {
    Notification {
        forward_order: "order-1".parse().unwrap(),
        shipment_code: Some("101".parse().unwrap()),
        forward_awb: Some("awb-1".parse().unwrap()),
        carrier_name: Some("SELF".to_owned()),
        notification_type: NotificationType::PickedUp,
        received_at: "2023-03-16T06:57:24.999Z".parse().unwrap(),
        occurred_at: None,
        aggregator_name: "CLICKPOST".to_owned(),
        meta_data: [("Account Code", "ABCD"), ("Security Key", "12abcd12")]
            .map(|(name, value)| (name.to_owned(), value.to_owned().into()))
            .into(),
        returning: None,
        warehouse: Some("wh-1".parse().unwrap()),
        items: goods(Some("2"), "puma-sku-1"),
    }
}

fn return_notification() -> Notification {
    Notification {
        shipment_code: None,
        forward_awb: None,
        returning: Some(NotifiedReturn {
            number: "2".parse().unwrap(),
            awb: Some("awb-1_rev".parse().unwrap()),
            carrier_name: Some("Self Reverse".to_owned()),
            placed_at: Some(1_678_949_844),
        }),
        ..forward_notification()
    }
}

#[test]
fn a_forward_notification_is_sent_as_in_the_sample() {
    let payload = written(&NotificationBody::from(&forward_notification()));
    assert_eq!(payload, FORWARD_NOTIFICATION);
}

#[test]
fn a_return_notification_is_sent_as_in_the_sample_with_its_shipment_code_and_time() {
    let payload = written(&NotificationBody::from(&return_notification()));
    let sample = payload
        .replace("  \"forwardShipmentCode\": null,\n", "")
        .replace("  \"notificationUpdateTime\": 1678949844,\n", "");
    assert_eq!(sample, RETURN_NOTIFICATION);
    assert_eq!(payload.lines().count(), sample.lines().count() + 2);
}

#[test]
fn unknown_values_of_a_notification_are_sent_as_null() {
    let payload = written(&NotificationBody::from(&Notification {
        shipment_code: None,
        forward_awb: None,
        carrier_name: None,
        warehouse: None,
        items: Vec::new(),
        returning: Some(NotifiedReturn {
            number: "2".parse().unwrap(),
            awb: None,
            carrier_name: None,
            placed_at: None,
        }),
        ..forward_notification()
    }));
    insta::assert_snapshot!(payload);
}

#[test]
fn the_event_s_own_time_is_added_to_the_documented_fields() {
    let notification = Notification {
        occurred_at: Some("2023-03-16T12:00:00+05:30".parse().unwrap()),
        ..forward_notification()
    };
    let payload = written(&NotificationBody::from(&notification));
    let added = ",\n  \"eventTime\": \"2023-03-16T06:30:00Z\"\n}\n";
    let documented = payload.strip_suffix(added).unwrap();
    assert_eq!(format!("{documented}\n}}\n"), FORWARD_NOTIFICATION);
}

#[test]
fn an_unreadable_line_is_sent_as_a_line_of_nulls() {
    let payload = serde_json::to_value(NotificationBody::from(&Notification {
        items: vec![NotifiedItem {
            item_id: None,
            sku: None,
            quantity: None,
        }],
        ..forward_notification()
    }));
    let line = serde_json::json!([{ "itemId": null, "sku": null, "quantity": null }]);
    assert_eq!(payload.unwrap()["items"], line);
}

fn invoice() -> GeneratedInvoice {
    GeneratedInvoice {
        forward_order: "ABCD".parse().unwrap(),
        shipment_code: Some("1".parse().unwrap()),
        id: InvoiceId::Number(123),
        kind: DocumentKind::Invoice,
        status: "CREATED".parse().unwrap(),
        document: "https://invoice.com/dummy/pdf".parse().unwrap(),
        received_at: "2023-03-16T06:57:24.999Z".parse().unwrap(),
    }
}

#[test]
fn an_invoice_notification_is_sent_as_in_the_sample() {
    let payload = written(&InvoiceNotificationBody::from(&invoice()));
    assert_eq!(payload, INVOICE_NOTIFICATION);
}

#[test]
fn a_credit_note_of_an_order_of_one_parcel_has_no_shipment_code() {
    let payload = written(&InvoiceNotificationBody::from(&GeneratedInvoice {
        shipment_code: None,
        kind: DocumentKind::CreditNote,
        ..invoice()
    }));
    insta::assert_snapshot!(payload, @r#"
    {
      "forwardOrderCode": "ABCD",
      "forwardShipmentCode": null,
      "notificationType": "INVOICE_GENERATED",
      "notificationUpdateTime": 1678949844,
      "invoiceData": {
        "invoiceId": 123,
        "invoiceStatus": "CREATED",
        "documentType": "CREDIT_NOTE",
        "documentUrl": "https://invoice.com/dummy/pdf"
      }
    }
    "#);
}
