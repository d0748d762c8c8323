//! One exchange gets one pair of AWBs, no matter where its function is killed: at each of its calls to DynamoDB, before the
//! effect and after it, and at each call to the aggregator, with and without an effect.

use std::sync::Arc;

use local::stack::Options;
use serde_json::{Value, json};

use crate::exchanges::world::{World, of};
use crate::notifications::kills::{Killer, kill_all};
use crate::patience::soon;

const EXCHANGE: &str = "exchange";

/// A stack in which the function is killed.
async fn deadly() -> (Arc<World>, Killer) {
    let killer = Killer::default();
    let world = World::with(Options {
        interceptor: Some(killer.interceptor()),
        ..Options::default()
    });
    let world = world.await;
    killer.watch_stack(&world.stack, EXCHANGE);
    (Arc::new(world), killer)
}

/// Repeats the request until both halves are booked; returns them.
async fn until_booked(world: &World, order: &str) -> Value {
    loop {
        let answer = world.exchange(order).await;
        if answer.status == 200 {
            return answer.ok();
        }
        let is_expected = [409, 500, 503, 504].contains(&answer.status);
        assert!(is_expected, "{order} {answer:?}");
        world.end_leases(order).await;
    }
}

/// Orders an exchange while the function is killed at these moments; returns the number of kills.
async fn survives(world: &World, killer: &Killer, order: &str, moments: Vec<usize>) -> usize {
    // A new process makes every possible call.
    kill_all(&world.stack, EXCHANGE);
    killer.kill_at(moments);
    let pair = until_booked(world, order).await;
    let kills = killer.kills();
    killer.kill_at(Vec::new());
    world.assert_one_pair(order, &pair).await;
    let repeat = world.exchange(order).await;
    assert!(repeat.is_replayed(), "{order} {repeat:?}");
    assert_eq!(repeat.ok(), pair, "{order}");
    kills
}

#[tokio::test]
async fn a_function_that_is_killed_at_any_of_its_calls_to_the_tables_buys_one_pair() {
    let (world, killer) = deadly().await;
    let mut moments = 0;
    while survives(
        &world,
        &killer,
        &format!("once{moments}"),
        vec![moments + 1],
    )
    .await
        > 0
    {
        moments += 1;
    }
    // Key, its last use, account, both claims, their transaction, session, two orders, two AWBs, both bookings.
    assert!(moments >= 20, "there were only {moments} moments");
    // The repeat of one that was killed in the middle makes other calls.
    for middle in [moments / 2, moments * 3 / 4] {
        let mut further = 0;
        loop {
            let order = format!("twice{middle}x{further}");
            let moments = vec![middle, middle + further + 1];
            if survives(&world, &killer, &order, moments).await < 2 {
                break;
            }
            further += 1;
        }
        assert!(further >= 8, "there were only {further} further moments");
    }
}

#[tokio::test]
async fn a_function_that_is_killed_while_the_aggregator_answers_buys_one_pair() {
    let (world, _) = deadly().await;
    let pass = |call: &str| json!({ "call": call, "kind": "slow", "delayMs": 0 });
    for (call, path, before) in [
        ("createExchange", "/orders/create/exchange", 0),
        ("assignAwb", "/assign/awb", 0),
        ("generateLabel", "/generate/label", 0),
        ("assignAwb", "/assign/awb", 1),
    ] {
        for kind in ["timeoutBeforeEffect", "timeoutAfterEffect"] {
            let order = format!("{call}{before}{kind}");
            let mut next = vec![pass(call); before];
            next.push(json!({ "call": call, "kind": kind }));
            world.faults(json!(next)).await;
            let asked = world.asked(path);
            let first = tokio::spawn({
                let world = Arc::clone(&world);
                let body = of(&order);
                async move { world.post("/exchanges", &body).await }
            });
            soon(async {
                while world.asked(path) <= asked + before {
                    tokio::task::yield_now().await;
                }
            })
            .await;
            kill_all(&world.stack, EXCHANGE);
            let first = first.await.unwrap();
            assert_eq!(first.status, 500, "the gateway's own answer: {first:?}");
            let meanwhile = world.exchange(&order).await;
            meanwhile.problem(409, "in-progress");
            world.end_leases(&order).await;
            let pair = world.exchange(&order).await.ok();
            world.assert_one_pair(&order, &pair).await;
            assert!(world.exchange(&order).await.is_replayed(), "{order}");
        }
    }
    assert_eq!(
        world.asked("/orders/create/exchange"),
        9,
        "one for each of eight exchanges, and one for that which had no effect"
    );
}
