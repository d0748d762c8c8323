//! `POST /return-prime/requests`.

use serde_json::{Value, json};

use crate::return_prime::{ID, Running};

/// The bodies of the hooks that reached RMS.
fn hooks(running: &Running) -> Vec<Value> {
    let received = running.rms.received();
    let bodies = received.iter().map(|hook| &hook.body);
    bodies
        .map(|body| serde_json::from_str(body).unwrap())
        .collect()
}

#[tokio::test]
async fn a_stored_request_is_pushed_nested() {
    let running = Running::start().await;
    let body = json!({ "request": { "id": ID }, "topic": "request/created" });
    let (status, stored) = running.post(&body).await;
    assert_eq!(status, 200, "{stored}");
    assert_eq!(stored["request"]["status"], "requested");
    assert_eq!(stored["pushed"][0]["notificationType"], "request/created");
    let hooks = hooks(&running);
    assert_eq!(hooks, [json!({ "request": stored["request"] })]);
    assert!(running.simulators.calls("return-prime").unwrap().is_empty());
}

#[tokio::test]
async fn a_flat_hook_has_the_fields_at_the_top() {
    let running = Running::start().await;
    let (_, stored) = running
        .post(&json!({ "request": { "id": ID }, "shape": "flat" }))
        .await;
    assert_eq!(hooks(&running), [stored["request"].clone()]);
}

#[tokio::test]
async fn a_hook_is_pushed_as_often_as_asked() {
    let running = Running::start().await;
    running
        .post(&json!({ "request": { "id": ID }, "times": 2 }))
        .await;
    let hooks = hooks(&running);
    assert_eq!(hooks.len(), 2);
    assert_eq!(hooks[0], hooks[1]);
}

#[tokio::test]
async fn a_request_can_be_stored_without_a_hook() {
    let running = Running::without_target().await;
    let stored = running.store(&json!({})).await;
    assert_eq!(stored["id"].as_str().unwrap().len(), 24);
    assert_eq!(running.rms.count(), 0);
}

#[tokio::test]
async fn the_fields_of_a_known_id_are_replaced() {
    let running = Running::start().await;
    running
        .store(&json!({ "id": ID, "request_number": "RET9" }))
        .await;
    let again = running
        .store(&json!({ "id": ID, "status": "received" }))
        .await;
    assert_eq!(again["request_number"], "RET9");
    assert_eq!(again["status"], "received");
    assert_eq!(running.numbers("").await, ["RET9"]);
}

#[tokio::test]
async fn a_wrong_body_stores_nothing() {
    let running = Running::start().await;
    for body in [
        json!({}),
        json!({ "request": {}, "topic": "order/created" }),
        json!({ "request": {}, "times": 0 }),
        json!({ "request": {}, "times": 11 }),
        json!({ "request": {}, "shape": "round" }),
        json!({ "request": {}, "pushed": true }),
    ] {
        let (status, answer) = running.post(&body).await;
        assert_eq!(status, 422, "{body}");
        assert!(answer["message"].is_string(), "{body}");
    }
    assert!(running.numbers("").await.is_empty());
}

#[tokio::test]
async fn a_hook_without_a_push_url_is_refused_and_stores_nothing() {
    let running = Running::without_target().await;
    assert_eq!(running.post(&json!({ "request": {} })).await.0, 409);
    assert!(running.numbers("").await.is_empty());
}
