//! Faults of every call of an exchange: the caller learns what it may do, and the repeat gets one pair of AWBs.

use std::time::Duration;

use futures::future::join_all;
use logistics::domain::claim::Standing;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::exchanges::world::{EXCHANGES, World, of, otherwise};

/// Every request is answered within this time: the HTTP API's limit is 30 s.
const LONGEST: Duration = Duration::from_secs(25);

/// Sets faults, and requests the exchange of an order.
async fn with_faults(world: &World, order: &str, next: Value) -> Answer {
    world.faults(next).await;
    let answer = world.exchange(order).await;
    world.faults(json!([])).await;
    answer
}

#[tokio::test]
async fn an_unclear_answer_to_the_order_is_found_out_by_the_repeat() {
    let world = World::start().await;
    for (order, fault, orders) in [
        ("A", json!({ "kind": "status", "status": 500 }), 2),
        ("B", json!({ "kind": "status", "status": 503 }), 2),
        ("C", json!({ "kind": "status", "status": 408 }), 2),
        ("D", json!({ "kind": "status", "status": 200 }), 2),
        ("E", json!({ "kind": "garbage" }), 1),
        ("F", json!({ "kind": "reset" }), 1),
        (
            "G",
            json!({ "kind": "changed", "changes": { "/data/return_orders": null } }),
            1,
        ),
    ] {
        let mut fault = fault;
        fault["call"] = json!("createExchange");
        let before = world.asked("/orders/create/exchange");
        let doubtful = with_faults(&world, order, json!([fault])).await;
        doubtful.problem(504, "outcome-unknown");
        assert_eq!(world.standings(order).await, [Standing::Uncertain; 2]);
        // Nothing else may use the numbers meanwhile.
        let other = world.post(EXCHANGES, &otherwise(of(order))).await;
        other.problem(422, "order-number-reused");
        let pair = world.exchange(order).await.ok();
        world.assert_one_pair(order, &pair).await;
        let after = world.asked("/orders/create/exchange");
        assert_eq!(after - before, orders, "{order}");
        assert!(world.exchange(order).await.is_replayed());
    }
}

/// The aggregator does not answer a call, after `before` of the same name that it answers.
async fn silence(call: &str, before: usize, kind: &str) {
    let world = World::start().await;
    let mut next = vec![json!({ "call": call, "kind": "slow", "delayMs": 0 }); before];
    next.push(json!({ "call": call, "kind": kind }));
    let doubtful = with_faults(&world, "A", json!(next)).await;
    doubtful.problem(504, "outcome-unknown");
    assert!(doubtful.took < LONGEST, "{doubtful:?}");
    let of_forward = if before == 0 {
        Standing::Uncertain
    } else {
        Standing::Booked
    };
    let standings = world.standings("A").await;
    assert_eq!(standings, [of_forward, Standing::Uncertain]);
    let pair = world.exchange("A").await.ok();
    world.assert_one_pair("A", &pair).await;
}

/// Each waits for a deadline, so all wait at the same time.
#[tokio::test]
async fn silence_is_answered_in_time_and_found_out_by_the_repeat() {
    let calls = [("createExchange", 0), ("assignAwb", 0), ("assignAwb", 1)];
    let kinds = ["timeoutBeforeEffect", "timeoutAfterEffect"];
    let all = calls
        .iter()
        .flat_map(|(call, before)| kinds.map(|kind| silence(call, *before, kind)));
    join_all(all).await;
}

#[tokio::test]
async fn a_slow_answer_is_an_answer() {
    let world = World::start().await;
    let slow = |call: &str| json!({ "call": call, "kind": "slow", "delayMs": 1500 });
    let next = json!([slow("createExchange"), slow("assignAwb"), slow("assignAwb")]);
    let pair = with_faults(&world, "A", next).await.ok();
    world.assert_one_pair("A", &pair).await;
}

#[tokio::test]
async fn a_refused_order_frees_both_numbers_for_any_content() {
    let world = World::start().await;
    let fault =
        json!([{ "call": "createExchange", "kind": "refuse", "message": "no such street" }]);
    let refused = with_faults(&world, "A", fault).await;
    let problem = refused.problem(422, "refused-by-aggregator");
    let message = problem["aggregator"]["message"].as_str().unwrap();
    assert!(message.contains("no such street"), "{message}");
    assert_eq!(world.standings("A").await, [Standing::Released; 2]);
    let pair = world.post(EXCHANGES, &otherwise(of("A"))).await.ok();
    world.assert_one_pair("A", &pair).await;
}

#[tokio::test]
async fn a_call_without_effect_frees_both_numbers() {
    let world = World::start().await;
    for (order, status, expected) in [
        ("A", 429, (503, "aggregator-unavailable")),
        ("B", 400, (422, "refused-by-aggregator")),
    ] {
        let fault = json!([{ "call": "createExchange", "kind": "status", "status": status }]);
        let failed = with_faults(&world, order, fault).await;
        failed.problem(expected.0, expected.1);
        assert_eq!(world.standings(order).await, [Standing::Released; 2]);
        let pair = world.post(EXCHANGES, &otherwise(of(order))).await.ok();
        world.assert_one_pair(order, &pair).await;
    }
}

#[tokio::test]
async fn a_refused_awb_of_the_replacement_buys_nothing_and_the_same_orders_are_continued() {
    let world = World::start().await;
    let refuse = json!([{ "call": "assignAwb", "kind": "refuse" }]);
    let refused = with_faults(&world, "A", refuse.clone()).await;
    refused.problem(422, "refused-by-aggregator");
    assert_eq!(world.standings("A").await, [Standing::Released; 2]);
    assert_eq!(world.asked("/assign/awb"), 1);
    let pair = world.exchange("A").await.ok();
    world.assert_one_pair("A", &pair).await;
    assert_eq!(world.asked("/orders/create/exchange"), 1);

    // Other content is another exchange, after both orders of the first one are cancelled.
    let refused = with_faults(&world, "B", refuse).await;
    refused.problem(422, "refused-by-aggregator");
    let other = world.post(EXCHANGES, &otherwise(of("B"))).await.ok();
    let living = world.living().await;
    let mut theirs = living.iter().filter(|(name, _)| name.starts_with("B-"));
    let awb = |half: &str, name: &str| other[half][name].as_str().unwrap().to_owned();
    let expected = [
        ("B-E-.2".to_owned(), awb("forward", "awb")),
        ("B-R-.R-.2".to_owned(), awb("return", "returnAwb")),
    ];
    assert!(theirs.by_ref().eq(expected.iter()), "{living:?}");
}

#[tokio::test]
async fn a_refused_awb_of_the_return_leaves_the_replacement_and_the_repeat_buys_only_the_return() {
    let world = World::start().await;
    let first = json!({ "call": "assignAwb", "kind": "slow", "delayMs": 0 });
    for (order, fault, expected, standing) in [
        (
            "A",
            json!({ "call": "assignAwb", "kind": "refuse" }),
            (422, "refused-by-aggregator"),
            Standing::Released,
        ),
        (
            "B",
            json!({ "call": "assignAwb", "kind": "garbage" }),
            (504, "outcome-unknown"),
            Standing::Uncertain,
        ),
        (
            "C",
            json!({ "call": "assignAwb", "kind": "status", "status": 500 }),
            (504, "outcome-unknown"),
            Standing::Uncertain,
        ),
        // This may not say that nothing was bought.
        (
            "D",
            json!({ "call": "assignAwb", "kind": "status", "status": 429 }),
            (504, "outcome-unknown"),
            Standing::Released,
        ),
    ] {
        let failed = with_faults(&world, order, json!([first, fault])).await;
        failed.problem(expected.0, expected.1);
        let standings = world.standings(order).await;
        assert_eq!(standings, [Standing::Booked, standing], "{order}");
        let label = world
            .get("/shipping-labels", &format!("{order}-E"))
            .await
            .ok();
        let other = world.post(EXCHANGES, &otherwise(of(order))).await;
        other.problem(422, "order-number-reused");
        let pair = world.exchange(order).await.ok();
        assert_eq!(pair["forward"]["awb"], label["awb"], "{order}");
        world.assert_one_pair(order, &pair).await;
    }
    assert_eq!(world.asked("/orders/create/exchange"), 4);
}

#[tokio::test]
async fn a_label_that_is_not_ready_does_not_hold_up_the_exchange() {
    let world = World::start().await;
    for kind in ["garbage", "status", "refuse"] {
        let fault = json!([{ "call": "generateLabel", "kind": kind }]);
        let pair = with_faults(&world, kind, fault).await.ok();
        assert_eq!(pair["forward"]["shippingLabelUrl"], Value::Null, "{kind}");
        world.assert_one_pair(kind, &pair).await;
        let label = world
            .get("/shipping-labels", &format!("{kind}-E"))
            .await
            .ok();
        assert_eq!(label["awb"], pair["forward"]["awb"]);
        assert!(label["shippingLabelUrl"].is_string(), "{kind}");
    }
}

#[tokio::test]
async fn the_same_awb_for_both_halves_is_not_believed() {
    let world = World::start().await;
    let awb = json!({ "/response/data/awb_code": "77300145020" });
    let lie = json!({ "call": "assignAwb", "kind": "changed", "changes": awb });
    let failed = with_faults(&world, "A", json!([lie, lie])).await;
    let problem = failed.problem(504, "outcome-unknown");
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("A-E") && detail.contains("A-R"), "{detail}");
    let standings = world.standings("A").await;
    assert_eq!(standings, [Standing::Booked, Standing::Uncertain]);
}
