//! Faults of calls, by their names in RMS's contract.

use std::time::Duration;

use serde_json::{Value, json};

use crate::shipper::{Running, order, parcel, text};

/// Client timeout when no answer is expected: long enough for the effect on a busy machine.
const IMPATIENCE: Duration = Duration::from_secs(1);

async fn with_fault(fault: Value) -> Running {
    let running = Running::start().await;
    assert_eq!(running.set_faults(&json!([fault])).await, 200);
    running
}

async fn is_created(running: &Running) -> bool {
    running.get("order/external-id/SO-1").await.0 == 200
}

#[tokio::test]
async fn an_order_may_be_created_although_no_answer_arrives() {
    for (kind, happens) in [("timeoutAfterEffect", true), ("timeoutBeforeEffect", false)] {
        let running = with_fault(json!({ "call": "createOrder", "kind": kind })).await;
        let request = running.posting("order", &order("SO-1"));
        let error = request.timeout(IMPATIENCE).send().await.unwrap_err();
        assert!(error.is_timeout(), "{error:?}");
        assert_eq!(is_created(&running).await, happens, "{kind}");
    }
}

#[tokio::test]
async fn an_order_may_be_created_although_the_answer_is_unreadable() {
    for kind in ["garbage", "reset"] {
        let running = with_fault(json!({ "call": "createOrder", "kind": kind })).await;
        let answer = running.posting("order", &order("SO-1")).send().await;
        let body = answer.unwrap().json::<Value>().await;
        assert!(body.is_err(), "{kind}");
        assert!(is_created(&running).await, "{kind}");
    }
}

#[tokio::test]
async fn a_slow_answer_is_the_usual_one() {
    let fault = json!({ "call": "createOrder", "kind": "slow", "delayMs": 1 });
    let running = with_fault(fault).await;
    running.created(&order("SO-1")).await;
}

#[tokio::test]
async fn a_changed_answer_has_other_values() {
    let changes = json!({ "/data/order_id": "26CHANGED" });
    let fault = json!({ "call": "createOrder", "kind": "changed", "changes": changes });
    let running = with_fault(fault).await;
    assert_eq!(running.created(&order("SO-1")).await, "26CHANGED");
    assert!(is_created(&running).await);
}

#[tokio::test]
async fn a_bare_status_has_no_effect() {
    let fault =
        json!({ "call": "createOrder", "kind": "status", "status": 502, "message": "down" });
    let running = with_fault(fault).await;
    let answer = running.posting("order", &order("SO-1")).send().await;
    let answer = answer.unwrap();
    assert_eq!(answer.status(), 502);
    assert_eq!(answer.text().await.unwrap(), "down");
    assert!(!is_created(&running).await);
}

#[tokio::test]
async fn every_call_is_refused_in_the_envelope_once() {
    let running = Running::start().await;
    let id = running.created(&order("SO-1")).await;
    running
        .advance(json!({ "externalId": "SO-1", "to": "AWB_GENERATED" }))
        .await;
    let detail = format!("order/{id}");
    let pickup = json!({ "data": { "order_activation": { "order_id": [id] } } });
    let label = json!({ "id": [id], "type": "LBL" });
    let calls = [
        ("pricing", "pricing/domestic", Some(parcel())),
        ("pricing", "pricing/domestic/regular", Some(parcel())),
        ("createOrder", "order", Some(order("SO-2"))),
        ("getOrder", detail.as_str(), None),
        ("getOrder", "order/external-id/SO-1", None),
        ("getLabel", "order/label", Some(label)),
        ("requestPickup", "pickup/timeslot", Some(pickup)),
        ("listLogistics", "logistic", None),
    ];
    for (call, route, body) in calls {
        let fault = json!({ "call": call, "kind": "refuse", "message": "closed today" });
        running.set_faults(&json!([fault])).await;
        let ask = async || match &body {
            Some(body) => running.post(route, body).await,
            None => running.get(route).await,
        };
        let (status, answer) = ask().await;
        assert_eq!(status, 400, "{call}");
        let errors = json!([{ "code": 10005, "message": "closed today" }]);
        assert_eq!(answer["metadata"]["errors"], errors);
        assert_eq!(answer["metadata"]["path"], format!("/v3/{route}"));
        assert!(ask().await.0 < 300, "{call}: only once");
    }
}

#[tokio::test]
async fn a_refusal_can_have_another_code() {
    let fault = json!({ "call": "pricing", "kind": "refuse", "message": "31006: not served" });
    let running = with_fault(fault).await;
    let (_, answer) = running.post("pricing/domestic", &parcel()).await;
    let errors = json!([{ "code": 31006, "message": "not served" }]);
    assert_eq!(answer["metadata"]["errors"], errors);
}

#[tokio::test]
async fn a_refusal_without_a_message_has_the_vendors() {
    let running = with_fault(json!({ "call": "createOrder", "kind": "refuse" })).await;
    let (_, answer) = running.post("order", &order("SO-1")).await;
    let message = text(&answer["metadata"]["errors"][0]["message"]);
    assert_eq!(message, "Invalid Input. Please Validate Your Input.");
    assert!(!is_created(&running).await);
}

#[tokio::test]
async fn a_refused_cancellation_cancels_nothing() {
    let running = with_fault(json!({ "call": "cancel", "kind": "refuse" })).await;
    let id = running.created(&order("SO-1")).await;
    let reason = json!({ "reason": "no stock" });
    assert_eq!(running.cancel(&id, &reason).await.0, 400);
    assert_eq!(running.detail(&id).await["shipment_status"]["code"], 1000);
    assert_eq!(running.cancel(&id, &reason).await.0, 200);
}

#[tokio::test]
async fn with_a_wrong_key_no_fault_creates_an_order() {
    let running = with_fault(json!({ "call": "createOrder", "kind": "slow", "delayMs": 1 })).await;
    let request = running.client.post(running.at("order"));
    let request = request.header("X-API-Key", "wrong").json(&order("SO-1"));
    assert_eq!(request.send().await.unwrap().status(), 401);
    assert!(!is_created(&running).await);
}

#[tokio::test]
async fn calls_of_other_vendors_are_unknown() {
    let running = Running::start().await;
    for call in ["assignAwb", "createReturn", ""] {
        let fault = json!([{ "call": call, "kind": "reset" }]);
        assert_eq!(running.set_faults(&fault).await, 422, "{call}");
    }
}
