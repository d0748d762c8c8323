//! Faults of the purchase at the aggregator, and what the caller may do next.

use serde_json::{Value, json};

use crate::buying::samples::{self, with};
use crate::buying::world::{LABELS, RETURNS, World};

const GENERATE: &str = "generateShippingLabel";
const LOOK_UP: &str = "getShippingLabel";

#[tokio::test]
async fn a_refusal_is_passed_on_and_frees_the_number_for_any_content() {
    let world = World::start().await;
    let fault = json!({ "kind": "refuse", "message": "no such road" });
    world.fault(GENERATE, fault).await;
    let answer = world.label("A-1").await;
    let problem = answer.problem(422, "refused-by-aggregator");
    assert_eq!(
        problem["aggregator"],
        json!({ "name": "RMS_MAGIC", "code": "NOT_SERVICEABLE", "message": "no such road" })
    );
    let answer = world.read_label("A-1").await;
    answer.problem(404, "not-found");

    let other = with(
        samples::label("A-1"),
        "/orderDetails/orderAmount",
        json!(99),
    );
    let bought = world.post(LABELS, &other).await;
    assert_eq!(bought.ok()["orderNumber"], "A-1");
    assert!(!bought.is_replayed());
    assert!(world.post(LABELS, &other).await.is_replayed());
    let first = world.label("A-1").await;
    first.problem(422, "order-number-reused");
}

#[tokio::test]
async fn an_unclear_answer_is_an_unknown_outcome_that_a_repeat_resolves() {
    let world = World::start().await;
    // Without an effect the repeat must buy; with an effect it must find the purchase.
    for (order_number, fault, had_effect) in [
        ("A-1", json!({ "kind": "status", "status": 500 }), false),
        ("A-2", json!({ "kind": "status", "status": 503 }), false),
        ("A-3", json!({ "kind": "status", "status": 408 }), false),
        ("A-4", json!({ "kind": "status", "status": 302 }), false),
        ("A-5", json!({ "kind": "status", "status": 200 }), false),
        ("A-6", json!({ "kind": "garbage" }), true),
        ("A-7", json!({ "kind": "reset" }), true),
    ] {
        world.fault(GENERATE, fault.clone()).await;
        let answer = world.label(order_number).await;
        answer.problem(504, "outcome-unknown");
        let found = world.at_aggregator(order_number).await;
        assert_eq!(found.is_some(), had_effect, "{fault}");

        let repeat = world.label(order_number).await.ok();
        let found = found.or(world.at_aggregator(order_number).await).unwrap();
        assert_eq!(repeat, found, "{fault}");
        let purchases = if had_effect { 1 } else { 2 };
        assert_eq!(world.purchases(order_number), purchases, "{fault}");
        assert!(world.label(order_number).await.is_replayed());
    }
}

#[tokio::test]
async fn a_read_also_resolves_an_unknown_outcome_and_buys_nothing() {
    let world = World::start().await;
    world.fault(GENERATE, json!({ "kind": "garbage" })).await;
    let answer = world.label("A-1").await;
    answer.problem(504, "outcome-unknown");
    let read = world.read_label("A-1").await.ok();
    assert_eq!(Some(&read), world.at_aggregator("A-1").await.as_ref());
    let repeat = world.label("A-1").await;
    assert_eq!(repeat.ok(), read);
    assert!(repeat.is_replayed());

    world
        .fault(GENERATE, json!({ "kind": "status", "status": 500 }))
        .await;
    let answer = world.label("A-2").await;
    answer.problem(504, "outcome-unknown");
    let answer = world.read_label("A-2").await;
    answer.problem(404, "not-found");
    assert_eq!(world.purchases("A-2"), 1);
    world.label("A-2").await.ok();
}

#[tokio::test]
async fn other_content_is_refused_while_the_outcome_is_unknown() {
    let world = World::start().await;
    world.fault(GENERATE, json!({ "kind": "garbage" })).await;
    let answer = world.label("A-1").await;
    answer.problem(504, "outcome-unknown");
    let other = with(
        samples::label("A-1"),
        "/orderDetails/orderAmount",
        json!(99),
    );
    let answer = world.post(LABELS, &other).await;
    answer.problem(422, "order-number-reused");
    assert_eq!(world.purchases("A-1"), 1);
}

#[tokio::test]
async fn a_call_without_effect_frees_the_number_at_once() {
    let world = World::start().await;
    for (order_number, status, expected) in [
        ("A-1", 401, (502, "aggregator-credentials")),
        ("A-2", 403, (502, "aggregator-credentials")),
        ("A-3", 429, (503, "aggregator-unavailable")),
        ("A-4", 400, (422, "refused-by-aggregator")),
        ("A-5", 404, (422, "refused-by-aggregator")),
    ] {
        let fault = json!({ "kind": "status", "status": status });
        world.fault(GENERATE, fault).await;
        let answer = world.label(order_number).await;
        answer.problem(expected.0, expected.1);
        assert!(expected.0 != 503 || answer.retry_after() > 0);
        let other = with(
            samples::label(order_number),
            "/warehouseCode",
            json!("wh-2"),
        );
        let bought = world.post(LABELS, &other).await;
        bought.ok();
        assert_eq!(world.purchases(order_number), 2);
    }
}

#[tokio::test]
async fn a_slow_answer_is_an_answer() {
    let world = World::start().await;
    world
        .fault(GENERATE, json!({ "kind": "slow", "delayMs": 1500 }))
        .await;
    let answer = world.label("A-1").await;
    assert_eq!(Some(answer.ok()), world.at_aggregator("A-1").await);
    assert_eq!(world.purchases("A-1"), 1);
}

#[tokio::test]
async fn nothing_is_bought_while_the_outcome_cannot_be_looked_up() {
    let world = World::start().await;
    let mut next = vec![json!({ "call": GENERATE, "kind": "status", "status": 500 })];
    let unclear = [
        json!({ "kind": "status", "status": 500 }),
        json!({ "kind": "status", "status": 429 }),
        json!({ "kind": "status", "status": 404 }),
        json!({ "kind": "status", "status": 400 }),
        json!({ "kind": "status", "status": 200 }),
        json!({ "kind": "status", "status": 302 }),
        json!({ "kind": "refuse" }),
        json!({ "kind": "garbage" }),
        json!({ "kind": "reset" }),
    ];
    let times = unclear.len();
    next.extend(unclear.into_iter().map(|mut fault| {
        fault["call"] = json!(LOOK_UP);
        fault
    }));
    world.faults(Value::Array(next)).await;
    for _ in 0..=times {
        let answer = world.label("A-1").await;
        answer.problem(504, "outcome-unknown");
    }
    assert_eq!(world.calls().len(), 1 + times);
    assert_eq!(world.purchases("A-1"), 1);

    world
        .fault(LOOK_UP, json!({ "kind": "status", "status": 401 }))
        .await;
    let answer = world.label("A-1").await;
    let problem = answer.problem(502, "aggregator-credentials");
    let detail = problem["detail"].as_str().unwrap();
    assert!(
        !detail.contains("nothing was bought"),
        "{detail}: the outcome is unknown"
    );

    world.label("A-1").await.ok();
    assert_eq!(world.purchases("A-1"), 2);
}

#[tokio::test]
async fn a_return_awb_is_as_safe_as_a_label() {
    let world = World::start().await;
    for (order_number, fault, expected, purchases) in [
        (
            "R-1",
            json!({ "kind": "refuse" }),
            (422, "refused-by-aggregator"),
            2,
        ),
        (
            "R-2",
            json!({ "kind": "garbage" }),
            (504, "outcome-unknown"),
            1,
        ),
        (
            "R-3",
            json!({ "kind": "reset" }),
            (504, "outcome-unknown"),
            1,
        ),
        (
            "R-4",
            json!({ "kind": "status", "status": 500 }),
            (504, "outcome-unknown"),
            2,
        ),
        (
            "R-5",
            json!({ "kind": "status", "status": 401 }),
            (502, "aggregator-credentials"),
            2,
        ),
        (
            "R-6",
            json!({ "kind": "status", "status": 429 }),
            (503, "aggregator-unavailable"),
            2,
        ),
    ] {
        world.fault("generateReturnAwb", fault).await;
        let request = samples::return_awb(order_number);
        let answer = world.post(RETURNS, &request).await;
        answer.problem(expected.0, expected.1);
        let repeat = world.post(RETURNS, &request).await.ok();
        assert_eq!(world.purchases(order_number), purchases, "{order_number}");
        let query = [("orderNumber", order_number)];
        assert_eq!(world.get(RETURNS, &query).await.ok(), repeat);
    }
}
