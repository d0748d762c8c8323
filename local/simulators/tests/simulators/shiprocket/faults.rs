//! Faults of calls, and the refusal of each.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::shiprocket::{Running, ask, forward, returned};

/// Client timeout when no answer is expected: long enough for the effect on a busy machine.
const IMPATIENCE: Duration = Duration::from_secs(1);

impl Running {
    pub(super) async fn befall(&self, call: &str, kind: &str, message: Option<&str>) {
        let next = json!([{ "call": call, "kind": kind, "message": message }]);
        let body = json!({ "next": next });
        let set = self.control(Method::PUT, "faults", &body).await;
        assert_eq!(set, (200, json!({ "waiting": 1 })), "{call}");
    }
}

#[tokio::test]
async fn an_order_is_made_behind_a_timeout() {
    let running = Running::start().await;
    for (kind, made) in [("timeoutBeforeEffect", 0), ("timeoutAfterEffect", 1)] {
        running.befall("createOrder", kind, None).await;
        let create = running
            .request(Method::POST, "orders/create/adhoc")
            .json(&forward("A-1"));
        let error = create.timeout(IMPATIENCE).send().await.unwrap_err();
        assert!(error.is_timeout(), "{error:?}");
        assert_eq!(running.count_orders().await, made, "{kind}");
    }
}

#[tokio::test]
async fn an_awb_is_assigned_behind_a_broken_answer() {
    let running = Running::start().await;
    let order = running.forward_order("A-1").await;
    running.befall("assignAwb", "reset", None).await;
    let body = json!({ "shipment_id": order.shipment_id });
    let assign = running
        .request(Method::POST, "courier/assign/awb")
        .json(&body);
    assert!(assign.send().await.unwrap().bytes().await.is_err());
    let (_, shipment) = running
        .get(&format!("shipments/{}", order.shipment_id))
        .await;
    assert!(shipment["data"]["awb"].is_string());
    assert_eq!(running.assign(&order, 43).await.0, 400);
}

#[tokio::test]
async fn a_refused_creation_names_the_order_id_and_creates_no_order() {
    let running = Running::start().await;
    for (call, path, body) in [
        ("createOrder", "orders/create/adhoc", forward("A-1")),
        ("createReturn", "orders/create/return", returned("R-1")),
    ] {
        running.befall(call, "refuse", Some("no")).await;
        let (status, answer) = running.post(path, &body).await;
        assert_eq!(
            (status, &answer["errors"]["order_id"]),
            (422, &json!(["no"]))
        );
    }
    assert_eq!(running.count_orders().await, 0);
}

#[tokio::test]
async fn couriers_and_labels_and_tracking_are_refused_with_200() {
    let running = Running::start().await;
    let order = running.forward_order("A-1").await;
    running.befall("assignAwb", "refuse", Some("no")).await;
    let (status, body) = running.assign(&order, 43).await;
    assert_eq!((status, &body["awb_assign_status"]), (200, &json!(0)));
    assert_eq!(body["response"]["data"]["awb_assign_error"], "no");

    running.befall("generateLabel", "refuse", Some("no")).await;
    let refused = json!({ "label_created": 0, "not_created": [], "response": "no" });
    assert_eq!(running.label(&order).await, (200, refused));

    running.befall("recommend", "refuse", Some("no")).await;
    let answer = running.get("courier/serviceability/").await;
    assert_eq!(answer, (200, json!({ "status": 404, "message": "no" })));

    running.befall("track", "refuse", Some("no")).await;
    let (status, body) = running.get("courier/track/awb/1").await;
    assert_eq!(
        (status, &body["tracking_data"]["error"]),
        (200, &json!("no"))
    );
}

#[tokio::test]
async fn the_other_calls_are_refused_with_400() {
    let running = Running::start().await;
    let order = running.forward_order("A-1").await;
    let show = format!("orders/show/{}", order.id);
    let cancel = json!({ "ids": [order.id] });
    let calls: [(&str, Method, &str, &Value); 3] = [
        ("login", Method::POST, "auth/login", &Value::Null),
        ("cancel", Method::POST, "orders/cancel", &cancel),
        ("getLabel", Method::GET, &show, &Value::Null),
    ];
    for (call, method, path, body) in calls {
        running.befall(call, "refuse", Some("no")).await;
        let answer = ask(running.request(method, path).json(body)).await;
        let refusal = json!({ "message": "no", "status_code": 400 });
        assert_eq!(answer, (400, refusal), "{call}");
    }
    assert_eq!(running.get(&show).await.1["data"]["status"], "NEW");
}

#[tokio::test]
async fn the_calls_are_these_and_no_others() {
    let running = Running::start().await;
    let body = json!({ "next": [{ "call": "getCouriers", "kind": "refuse" }] });
    let (status, answer) = running.control(Method::PUT, "faults", &body).await;
    assert_eq!(status, 422);
    let known = "login, recommend, createOrder, createReturn, createExchange, assignAwb, \
                 generateLabel, getLabel, cancel, track";
    assert!(
        answer["message"].as_str().unwrap().ends_with(known),
        "{answer}"
    );
}
