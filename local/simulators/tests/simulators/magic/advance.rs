//! The ways of shipments: what is pushed, in which order, and how an interrupted way continues.

use std::collections::{BTreeMap, HashSet};

use serde_json::{Value, json};
use simulators::PushTarget;
use simulators::sink::Behaviour;

use crate::magic::{Running, ask, forward, returned};

impl Running {
    /// The bodies that RMS received, oldest first.
    fn pushed(&self) -> Vec<Value> {
        let received = self.rms.received();
        let bodies = received
            .iter()
            .map(|request| serde_json::from_str(&request.body));
        bodies.collect::<Result<_, _>>().unwrap()
    }

    fn pushed_types(&self) -> Vec<String> {
        self.pushed()
            .iter()
            .map(|body| text(&body["notificationType"]))
            .collect()
    }

    async fn return_awb(&self, order_number: &str) -> String {
        let request = self.post("/magic/generate-return-awb", &returned(order_number));
        text(&ask(request).await.1["returnAwb"])
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

#[tokio::test]
async fn every_way_is_pushed_step_by_step() {
    let ways: [(&str, &[&str]); 4] = [
        (
            "DELIVERED",
            &[
                "AWB_GENERATED",
                "PICKED_UP",
                "IN_TRANSIT",
                "OUT_FOR_DELIVERY",
                "DELIVERED",
            ],
        ),
        (
            "RTO_DELIVERED",
            &[
                "AWB_GENERATED",
                "PICKED_UP",
                "IN_TRANSIT",
                "OUT_FOR_DELIVERY",
                "FAILED_DELIVERY",
                "RTO",
                "RTO_DELIVERED",
            ],
        ),
        ("CANCELLED", &["AWB_GENERATED", "CANCELLED"]),
        (
            "LOST",
            &["AWB_GENERATED", "PICKED_UP", "IN_TRANSIT", "LOST"],
        ),
    ];
    for (to, steps) in ways {
        let running = Running::start().await;
        let awb = running.forward_awb("A-1").await;
        let (status, answer) = running.advance(&awb, to).await;
        assert_eq!(status, 200, "{answer}");
        assert_eq!(answer["awb"], awb);
        let told: Vec<_> = answer["pushed"].as_array().unwrap().iter().collect();
        let told_types: Vec<_> = told
            .iter()
            .map(|push| text(&push["notificationType"]))
            .collect();
        assert_eq!(told_types, steps, "{to}");
        assert!(
            told.iter()
                .all(|push| push["status"] == 200 && push["body"].is_object())
        );
        assert_eq!(running.pushed_types(), steps, "{to}");
    }
}

#[tokio::test]
async fn every_way_of_a_return_is_pushed_step_by_step() {
    let ways: [(&str, &[&str]); 3] = [
        (
            "DELIVERED",
            &[
                "RETURN_ORDER_PLACED",
                "OUT_FOR_PICKUP",
                "RETURN_PICKED_UP",
                "IN_TRANSIT",
                "DELIVERED",
            ],
        ),
        (
            "PICKUP_CANCELLED",
            &["RETURN_ORDER_PLACED", "OUT_FOR_PICKUP", "PICKUP_CANCELLED"],
        ),
        ("CANCELLED", &["RETURN_ORDER_PLACED", "CANCELLED"]),
    ];
    for (to, steps) in ways {
        let running = Running::start().await;
        let awb = running.return_awb("R-1").await;
        assert_eq!(running.advance(&awb, to).await.0, 200, "{to}");
        assert_eq!(running.pushed_types(), steps, "{to}");
    }
}

#[tokio::test]
async fn a_second_advance_goes_on_where_the_first_ended() {
    let running = Running::start().await;
    let awb = running.forward_awb("A-1").await;
    running.advance(&awb, "TRANSIT").await;
    assert_eq!(
        running.pushed_types(),
        ["AWB_GENERATED", "PICKED_UP", "IN_TRANSIT"]
    );

    let (status, again) = running.advance(&awb, "PICKED_UP").await;
    assert_eq!((status, again), (200, json!({ "awb": awb, "pushed": [] })));
    running.advance(&awb, "DELIVERED").await;
    assert_eq!(
        running.pushed_types()[3..],
        ["OUT_FOR_DELIVERY", "DELIVERED"]
    );
    let ids: HashSet<_> = running
        .pushed()
        .iter()
        .map(|body| text(&body["eventId"]))
        .collect();
    assert_eq!(ids.len(), 5, "each event has an id of its own");
}

#[tokio::test]
async fn a_push_that_is_not_answered_200_stops_the_way_and_is_repeated_with_its_id() {
    let running = Running::start().await;
    let awb = running.forward_awb("A-1").await;
    running.advance(&awb, "PICKED_UP").await;
    let down = Behaviour {
        status: 503,
        fail_next: Some(1),
        ..Behaviour::default()
    };
    running.rms.behave(down).unwrap();

    let (status, answer) = running.advance(&awb, "DELIVERED").await;
    assert_eq!(status, 502);
    assert_eq!(answer["pushed"].as_array().unwrap().len(), 1);
    assert_eq!(answer["pushed"][0]["notificationType"], "IN_TRANSIT");
    assert_eq!(answer["pushed"][0]["status"], 503);
    assert!(answer["message"].is_string());

    assert_eq!(running.advance(&awb, "OUT_FOR_DELIVERY").await.0, 200);
    let pushed = running.pushed();
    assert_eq!(
        running.pushed_types()[2..],
        ["IN_TRANSIT", "IN_TRANSIT", "OUT_FOR_DELIVERY"]
    );
    assert_eq!(pushed[2], pushed[3], "the repeat is the same event");
    assert_ne!(pushed[3]["eventId"], pushed[4]["eventId"]);
}

#[tokio::test]
async fn a_pending_event_is_repeated_before_another_way_is_taken() {
    let running = Running::start().await;
    let awb = running.forward_awb("A-1").await;
    running.advance(&awb, "AWB_GENERATED").await;
    let down = Behaviour {
        status: 500,
        fail_next: Some(1),
        ..Behaviour::default()
    };
    running.rms.behave(down).unwrap();
    running.advance(&awb, "DELIVERED").await;
    running.advance(&awb, "CANCELLED").await;
    assert_eq!(
        running.pushed_types()[1..],
        ["PICKED_UP", "PICKED_UP", "CANCELLED"]
    );
}

#[tokio::test]
async fn a_push_without_an_answer_says_so() {
    let running = Running::start().await;
    let awb = running.forward_awb("A-1").await;
    let broken = Behaviour {
        reset: true,
        ..Behaviour::default()
    };
    running.rms.behave(broken).unwrap();
    let (status, answer) = running.advance(&awb, "DELIVERED").await;
    assert_eq!(status, 502);
    assert_eq!(answer["pushed"][0]["status"], Value::Null);
    assert!(text(&answer["pushed"][0]["body"]).starts_with("no answer"));
}

#[tokio::test]
async fn a_forward_notification_is_as_the_document_has_it() {
    let running = Running::start().await;
    let mut request = forward("A-1");
    request["shipmentCode"] = json!("P1");
    let (_, label) = ask(running.post("/magic/generate-shipping-label", &request)).await;
    let awb = text(&label["awb"]);
    running.advance(&awb, "AWB_GENERATED").await;

    let mut body = running.pushed().remove(0);
    assert!(
        text(&body["eventTime"].take())
            .parse::<jiff::Timestamp>()
            .is_ok()
    );
    assert_eq!(
        body,
        json!({
            "forwardOrderCode": "A-1",
            "forwardShipmentCode": "P1",
            "forwardAwb": awb,
            "carrierName": "Fedex",
            "notificationType": "AWB_GENERATED",
            "shipmentType": "FORWARD",
            "logisticAggregatorName": "MAGIC",
            "warehouseCode": "wh-1",
            "returnOrderInfo": null,
            "items": [{ "sku": "jeans-1", "quantity": 1 }, { "sku": "shirt-2", "quantity": 2 }],
            "eventId": format!("{awb}-1"),
            "eventTime": null,
        })
    );
    let received = &running.rms.received()[0];
    assert_eq!(received.path, "/rms-magic/notification/push");
    assert_eq!(received.headers["authusername"], "magic-push");
}

#[tokio::test]
async fn a_return_notification_is_as_the_document_has_it() {
    let running = Running::start().await;
    let forward_awb = running.forward_awb("A-1").await;
    let mut request = returned("A-1");
    request["warehouseCode"] = Value::Null;
    let (_, order) = ask(running.post("/magic/generate-return-awb", &request)).await;
    let awb = text(&order["returnAwb"]);
    running.advance(&awb, "RETURN_ORDER_PLACED").await;

    let mut body = running.pushed().remove(0);
    body["eventTime"].take();
    assert_eq!(
        body,
        json!({
            "forwardOrderCode": "A-1",
            "forwardAwb": forward_awb,
            "carrierName": "Fedex",
            "notificationType": "RETURN_ORDER_PLACED",
            "shipmentType": "RETURN",
            "logisticAggregatorName": "MAGIC",
            "warehouseCode": null,
            "returnOrderInfo": { "returnOrderId": "11013", "returnAwb": awb, "carrierName": "Fedex" },
            "lineItems": [{ "sku": "jeans-1", "quantity": 1 }, { "sku": "shirt-2", "quantity": 2 }],
            "eventId": format!("{awb}-1"),
            "eventTime": null,
        })
    );
}

#[tokio::test]
async fn an_impossible_advance_is_refused() {
    let running = Running::start().await;
    let awb = running.forward_awb("A-1").await;
    assert_eq!(running.advance("123", "DELIVERED").await.0, 404);
    let (status, body) = running.advance(&awb, "RETURN_PICKED_UP").await;
    assert_eq!(status, 422);
    let message = text(&body["message"]);
    assert!(
        message.contains("OUT_FOR_DELIVERY") && message.contains("LOST"),
        "{message}"
    );
    let spoken = json!({ "awb": awb, "to": "DELIVERED", "dialect": "classic" });
    assert_eq!(ask(running.post("/magic/advance", &spoken)).await.0, 422);
    let unreadable = running.post("/magic/advance", &json!({ "awb": awb }));
    assert_eq!(ask(unreadable).await.0, 422);
    let dialect = json!({ "awb": awb, "to": "DELIVERED", "dialect": "all" });
    let with_dialect = running.post("/magic/advance", &dialect);
    assert_eq!(ask(with_dialect).await.0, 422, "it has one way to say it");
    assert!(running.pushed().is_empty());
}

#[tokio::test]
async fn two_advances_at_once_do_not_mix() {
    let running = Running::start().await;
    let awb = running.forward_awb("A-1").await;
    tokio::join!(
        running.advance(&awb, "DELIVERED"),
        running.advance(&awb, "DELIVERED")
    );
    assert_eq!(running.pushed_types().len(), 5);
}

#[tokio::test]
async fn a_push_goes_where_the_target_was_last_set_to() {
    let running = Running::start().await;
    let awb = running.forward_awb("A-1").await;
    let (listener, nowhere) = crate::serving::bind().await;
    drop(listener);
    let target = PushTarget {
        url: nowhere,
        headers: BTreeMap::new(),
    };
    running.simulators.set_push_target("magic", target).unwrap();
    assert_eq!(running.advance(&awb, "DELIVERED").await.0, 502);
    assert!(running.pushed().is_empty());
}
