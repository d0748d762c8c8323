//! Faults of calls: whether the caller gets an answer, and whether the order is created.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::magic::{Running, ask, returned};
use crate::serving::read;

/// Client timeout when no answer is expected: long enough for the effect on a busy machine.
const IMPATIENCE: Duration = Duration::from_secs(1);

async fn with_fault(mut fault: Value) -> Running {
    let running = Running::start().await;
    fault["call"] = json!("generateShippingLabel");
    let set = read(running.set_faults(&json!([fault])).await).await;
    assert_eq!(set, (200, json!({ "waiting": 1 })));
    running
}

#[tokio::test]
async fn a_timeout_before_the_effect_makes_no_order() {
    let running = with_fault(json!({ "kind": "timeoutBeforeEffect" })).await;
    let error = running
        .generate("A-1")
        .timeout(IMPATIENCE)
        .send()
        .await
        .unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
    assert!(!running.has_order("A-1").await);
}

#[tokio::test]
async fn a_timeout_after_the_effect_makes_the_order() {
    let running = with_fault(json!({ "kind": "timeoutAfterEffect" })).await;
    let error = running
        .generate("A-1")
        .timeout(IMPATIENCE)
        .send()
        .await
        .unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
    assert!(running.has_order("A-1").await);
}

#[tokio::test]
async fn a_status_is_answered_without_effect() {
    let running = with_fault(json!({ "kind": "status", "status": 429 })).await;
    assert_eq!(running.generate("A-1").send().await.unwrap().status(), 429);
    assert!(!running.has_order("A-1").await);
}

#[tokio::test]
async fn the_default_status_is_503() {
    let running = with_fault(json!({ "kind": "status", "message": "closed" })).await;
    let answer = running.generate("A-1").send().await.unwrap();
    assert_eq!(answer.status(), 503);
    assert_eq!(answer.text().await.unwrap(), "closed");
}

#[tokio::test]
async fn a_refusal_is_the_vendors_own_and_has_no_effect() {
    let running = with_fault(json!({ "kind": "refuse", "message": "no such road" })).await;
    let refusal = json!({ "code": "NOT_SERVICEABLE", "message": "no such road" });
    assert_eq!(ask(running.generate("A-1")).await, (422, refusal));
    assert!(!running.has_order("A-1").await);
}

#[tokio::test]
async fn garbage_hides_an_order_that_was_made() {
    let running = with_fault(json!({ "kind": "garbage" })).await;
    let answer = running.generate("A-1").send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(answer.json::<Value>().await.is_err());
    assert!(running.has_order("A-1").await);
}

#[tokio::test]
async fn a_reset_breaks_the_answer_off_after_the_effect() {
    let running = with_fault(json!({ "kind": "reset" })).await;
    let answer = running.generate("A-1").send().await.unwrap();
    assert!(answer.bytes().await.is_err(), "the body must break off");
    assert!(running.has_order("A-1").await);
}

#[tokio::test]
async fn a_changed_answer_has_other_values_after_the_effect() {
    let changes = json!({ "/awb": ["1"], "/more": 7 });
    let running = with_fault(json!({ "kind": "changed", "changes": changes })).await;
    let (status, answer) = read(running.generate("A-1").send().await.unwrap()).await;
    assert_eq!((status, &answer["awb"]), (200, &json!(["1"])));
    assert_eq!(answer["more"], 7);
    assert_eq!(answer["orderNumber"], "A-1");
    assert!(running.has_order("A-1").await);
}

#[tokio::test]
async fn slow_is_the_usual_answer_late() {
    let running = with_fault(json!({ "kind": "slow", "delayMs": 120 })).await;
    let begin = Instant::now();
    assert_eq!(ask(running.generate("A-1")).await.0, 200);
    assert!(begin.elapsed() >= Duration::from_millis(120));
}

#[tokio::test]
async fn an_order_is_made_even_if_the_client_does_not_wait_for_the_slow_answer() {
    let running = with_fault(json!({ "kind": "slow", "delayMs": 60_000 })).await;
    let error = running
        .generate("A-1")
        .timeout(IMPATIENCE)
        .send()
        .await
        .unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
    assert!(running.has_order("A-1").await);
}

#[tokio::test]
async fn entries_are_consumed_in_order_one_per_call_by_name() {
    let running = Running::start().await;
    let next = json!([
        { "call": "generateShippingLabel", "kind": "status", "status": 500 },
        { "call": "generateReturnAwb", "kind": "refuse" },
        { "call": "generateShippingLabel", "kind": "status", "status": 502 },
    ]);
    running.set_faults(&next).await;
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(
            running
                .generate("A-1")
                .send()
                .await
                .unwrap()
                .status()
                .as_u16(),
        );
    }
    assert_eq!(statuses, [500, 502, 200]);
    let returned = running.post("/magic/generate-return-awb", &returned("R-1"));
    assert_eq!(ask(returned).await.0, 422);
}

#[tokio::test]
async fn a_new_plan_replaces_the_old_one() {
    let running = with_fault(json!({ "kind": "refuse" })).await;
    running.set_faults(&json!([])).await;
    assert_eq!(ask(running.generate("A-1")).await.0, 200);
}

#[tokio::test]
async fn an_invalid_plan_is_refused_as_a_whole() {
    let running = with_fault(json!({ "kind": "refuse" })).await;
    let impossible = [
        json!([{ "call": "login", "kind": "status" }]),
        json!([{ "call": "getCouriers", "kind": "explode" }]),
        json!([{ "call": "getCouriers", "kind": "status", "status": 101 }]),
        json!([{ "kind": "status" }]),
        json!(null),
    ];
    for next in impossible {
        let (status, body) = read(running.set_faults(&next).await).await;
        assert_eq!(status, 422, "{next}");
        assert!(body["message"].is_string(), "{next}");
    }
    assert_eq!(
        ask(running.generate("A-1")).await.0,
        422,
        "the first plan still holds"
    );
}

#[tokio::test]
async fn a_call_with_a_fault_is_in_the_log() {
    let running = with_fault(json!({ "kind": "status" })).await;
    running.generate("A-1").send().await.unwrap();
    assert_eq!(running.simulators.calls("magic").unwrap().len(), 1);
}
