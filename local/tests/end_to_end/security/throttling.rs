//! A client that calls too often is answered with `Retry-After`, without affecting others.

use std::sync::{Arc, Mutex};

use local::backends::{Interceptor, Moment};
use local::stack::Options;
use serde_json::json;

use crate::security::world::{PATIENCE, World, event};

/// The burst of a client; after it, hardly any request is allowed during a test.
const BURST: usize = 5;

/// A stack with one instance per function that allows a client five requests and then one every 1,000 s, and the calls that
/// it makes.
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
async fn an_invalid_request_counts_and_an_unauthenticated_one_does_not() {
    let (world, _) = strict().await;
    let wrong = json!({});
    for _ in 0..3 * BURST {
        let unknown = world
            .call("rms_unknown", "POST", "/shipping-labels", Some(&wrong))
            .await;
        unknown.is_problem(401, "unauthenticated");
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
async fn a_flood_does_not_affect_other_clients_other_routes_or_pushes() {
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
