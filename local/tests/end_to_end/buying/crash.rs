//! The function crashes between the aggregator's answer and our record of it.

use std::sync::Arc;

use serde_json::json;

use crate::answer::Answer;
use crate::buying::world::{World, until};

/// Kills the function while the aggregator handles the request for `A-1`, and waits for the caller's answer.
async fn crash(fault: serde_json::Value) -> Arc<World> {
    let world = Arc::new(World::start().await);
    world.fault("generateShippingLabel", fault).await;
    let first = tokio::spawn({
        let world = Arc::clone(&world);
        async move { world.label("A-1").await }
    });
    until(|| world.purchases("A-1") == 1).await;
    let processes = world.stack.process_ids("generate-label");
    assert_eq!(processes.len(), 1);
    let kill = std::process::Command::new("kill")
        .args(["-9", &processes[0].to_string()])
        .status();
    assert!(kill.unwrap().success());
    let first: Answer = first.await.unwrap();
    assert_eq!(first.status, 500, "the gateway's own answer: {first:?}");
    world
}

/// During the lease it is not known that the holder crashed.
async fn wait_for_the_lease(world: &World) {
    for answer in [world.label("A-1").await, world.read_label("A-1").await] {
        answer.problem(409, "in-progress");
        assert!((1..=2).contains(&answer.retry_after()), "{answer:?}");
    }
    world.end_lease("A-1").await;
}

#[tokio::test]
async fn a_label_that_was_bought_is_found_again() {
    let world = crash(json!({ "kind": "slow", "delayMs": 60_000 })).await;
    wait_for_the_lease(&world).await;
    let label = world.label("A-1").await.ok();
    assert_eq!(Some(&label), world.at_aggregator("A-1").await.as_ref());
    assert_eq!(world.purchases("A-1"), 1);
    let repeat = world.label("A-1").await;
    assert!(repeat.is_replayed());
    assert_eq!(repeat.ok(), label);
}

#[tokio::test]
async fn a_label_that_was_bought_is_also_found_by_a_read() {
    let world = crash(json!({ "kind": "slow", "delayMs": 60_000 })).await;
    wait_for_the_lease(&world).await;
    let label = world.read_label("A-1").await.ok();
    assert_eq!(Some(&label), world.at_aggregator("A-1").await.as_ref());
    assert!(world.label("A-1").await.is_replayed());
    assert_eq!(world.purchases("A-1"), 1);
}

#[tokio::test]
async fn a_label_that_was_not_bought_is_bought_then() {
    let world = crash(json!({ "kind": "timeoutBeforeEffect" })).await;
    wait_for_the_lease(&world).await;
    let label = world.label("A-1").await.ok();
    assert_eq!(Some(label), world.at_aggregator("A-1").await);
    assert_eq!(world.purchases("A-1"), 2);
}
