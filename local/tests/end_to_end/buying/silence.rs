//! An aggregator that does not answer. Every case waits for one of our deadlines, so all cases run at the same time, each
//! with its own stack.

use std::time::Duration;

use serde_json::json;

use crate::answer::Answer;
use crate::buying::samples;
use crate::buying::world::{COURIERS, LABELS, RETURNS, World};

/// Every request is answered within this time: the HTTP API's limit is 30 s.
const LONGEST: Duration = Duration::from_secs(25);

/// A world in which the aggregator once does not answer, and the caller's answer.
async fn silent(call: &str, kind: &str, path: &str) -> (World, Answer) {
    let world = World::start().await;
    world.fault(call, json!({ "kind": kind })).await;
    let body = match path {
        COURIERS => samples::route(),
        RETURNS => samples::return_awb("A-1"),
        _ => samples::label("A-1"),
    };
    let answer = world.post(path, &body).await;
    assert!(answer.took < LONGEST, "{answer:?}");
    (world, answer)
}

async fn silence_after_the_effect() {
    let (world, answer) = silent("generateShippingLabel", "timeoutAfterEffect", LABELS).await;
    answer.problem(504, "outcome-unknown");
    let found = world.label("A-1").await.ok();
    assert_eq!(Some(found), world.at_aggregator("A-1").await);
    assert_eq!(world.purchases("A-1"), 1);
}

async fn silence_before_the_effect() {
    let (world, answer) = silent("generateShippingLabel", "timeoutBeforeEffect", LABELS).await;
    answer.problem(504, "outcome-unknown");
    assert_eq!(world.at_aggregator("A-1").await, None);
    let bought = world.label("A-1").await.ok();
    assert_eq!(Some(bought), world.at_aggregator("A-1").await);
    assert_eq!(world.purchases("A-1"), 2);
}

async fn silence_of_the_look_up() {
    let world = World::start().await;
    let next = json!([
        { "call": "generateShippingLabel", "kind": "garbage" },
        { "call": "getShippingLabel", "kind": "timeoutBeforeEffect" },
        { "call": "getShippingLabel", "kind": "timeoutBeforeEffect" },
    ]);
    world.faults(next).await;
    let answer = world.label("A-1").await;
    answer.problem(504, "outcome-unknown");
    for answer in [world.label("A-1").await, world.read_label("A-1").await] {
        answer.problem(504, "outcome-unknown");
        assert!(answer.took < LONGEST, "{answer:?}");
    }
    world.label("A-1").await.ok();
    assert_eq!(world.purchases("A-1"), 1);
}

async fn silence_about_a_return() {
    let (world, answer) = silent("generateReturnAwb", "timeoutAfterEffect", RETURNS).await;
    answer.problem(504, "outcome-unknown");
    world.post(RETURNS, &samples::return_awb("A-1")).await.ok();
    assert_eq!(world.purchases("A-1"), 1);
}

async fn silence_about_couriers() {
    let (_, answer) = silent("getCouriers", "timeoutBeforeEffect", COURIERS).await;
    answer.problem(503, "aggregator-unavailable");
    answer.retry_after();
}

async fn silence_about_the_best_courier() {
    let world = World::start().await;
    world
        .fault("getCouriers", json!({ "kind": "timeoutBeforeEffect" }))
        .await;
    let request = samples::without(samples::label("A-1"), "courierId");
    let answer = world.post(LABELS, &request).await;
    answer.problem(503, "aggregator-unavailable");
    assert!(answer.took < LONGEST, "{answer:?}");
    world.post(LABELS, &request).await.ok();
    assert_eq!(world.purchases("A-1"), 1);
}

#[tokio::test]
async fn silence_is_answered_in_time_and_nothing_is_bought_twice() {
    tokio::join!(
        silence_after_the_effect(),
        silence_before_the_effect(),
        silence_of_the_look_up(),
        silence_about_a_return(),
        silence_about_couriers(),
        silence_about_the_best_courier(),
    );
}
