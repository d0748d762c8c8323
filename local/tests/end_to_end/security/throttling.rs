//! A client that calls too often is told when to come back, at no cost to others.

use std::sync::{Arc, Mutex};

use local::backends::{Interceptor, Moment};
use local::stack::Options;
use serde_json::json;

use crate::security::world::{PATIENCE, World, event};

/// What a client may do at once, and then hardly anything for the time of a test.
const BURST: usize = 5;

/// A stack of one instance a function that lets a client make five requests and then one each thousand seconds, with the
/// calls that it makes.
async fn strict() -> (World, Arc<Mutex<Vec<String>>>) {
    let seen: Arc<Mutex<Vec<String>>> = Arc::default();
    let calls = Arc::clone(&seen);
    let interceptor = Interceptor::new(move |call| {
        if call.moment == Moment::BeforeEffect {
            calls.lock().unwrap().push(call.target.clone());
        }
        None
    });
    let world = World::with(Options {
        instance_limit: 1,
        interceptor: Some(interceptor),
        environment: [("CLIENT_RATE".to_owned(), format!("0.001/{BURST}"))].into(),
        ..Options::default()
    })
    .await;
    (world, seen)
}

#[tokio::test]
async fn a_flood_is_answered_429_with_a_wait_and_touches_no_table() {
    let (world, seen) = strict().await;
    let path = "/shipments/none";
    for _ in 0..BURST {
        world
            .as_demo("GET", path, None)
            .await
            .is_problem(404, "not-found");
    }
    seen.lock().unwrap().clear();
    for _ in 0..20 {
        let answer = world.as_demo("GET", path, None).await;
        answer.is_problem(429, "throttled");
        assert_eq!(answer.retry_after, Some(900));
    }
    assert_eq!(*seen.lock().unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn a_request_that_is_wrong_counts_and_one_that_proves_nothing_does_not() {
    let (world, _) = strict().await;
    let wrong = json!({});
    for _ in 0..3 * BURST {
        let nobody = world
            .call("rms_nobody", "POST", "/shipping-labels", Some(&wrong))
            .await;
        nobody.is_problem(401, "unauthenticated");
    }
    for _ in 0..BURST {
        let answer = world
            .as_demo("POST", "/shipping-labels", Some(&wrong))
            .await;
        answer.is_problem(422, "invalid-request");
    }
    let answer = world.label("magic", "A-1").await;
    answer.is_problem(429, "throttled");
    assert_eq!(world.calls_of_aggregators()["magic"], 0);
}

#[tokio::test]
async fn neither_others_nor_other_routes_nor_pushes_pay_for_a_flood() {
    let (world, _) = strict().await;
    let path = "/notifications?orderNumber=A-1";
    for _ in 0..2 * BURST {
        world.as_demo("GET", path, None).await;
    }
    world
        .as_demo("GET", path, None)
        .await
        .is_problem(429, "throttled");

    let other = operator::client::create("Other", &world.published())
        .await
        .unwrap();
    for _ in 0..BURST {
        let answer = world.call(&other.api_key, "GET", path, None).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }
    assert_eq!(world.label("magic", "A-1").await.status, 200);
    assert_eq!(world.as_demo("GET", "/audit", None).await.status, 200);
    for number in 0..3 * BURST {
        let pushed = world
            .push("magic", &event(&format!("P-{number}"), "SHIPPED"))
            .await;
        assert_eq!(pushed.status, 200, "{pushed:?}");
    }
    let sink = world.stack.sink().unwrap();
    sink.wait_for(3 * BURST, PATIENCE).await.unwrap();
}
