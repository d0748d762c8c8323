//! Changes of one client that meet do not fail each other, although each of them writes the version of its configuration.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use futures::future::join_all;
use local::backends::{BackendCall, Instead, Interceptor, Moment};
use local::stack::Options;
use reqwest::StatusCode;
use serde_json::json;

use crate::configuration::world::{PATIENCE, World};

#[tokio::test]
async fn changes_of_one_client_at_once_all_succeed() {
    let world = World::start().await;
    let put = async |number: usize| {
        let body = json!({ "url": format!("{}/{number}", world.stack.sink_url()) });
        let path = format!("/webhook-endpoints/endpoint-{number}");
        world.put(&path, &body).await.status
    };
    let made = join_all((0..12).map(put)).await;
    assert_eq!(made, [201; 12]);
    let listed = world.get("/webhook-endpoints").await;
    let listed = listed.body["webhookEndpoints"].as_array().unwrap().clone();
    let ids: BTreeSet<_> = listed.iter().map(|one| one["id"].to_string()).collect();
    assert_eq!((listed.len(), ids.len()), (12, 12));
}

#[tokio::test]
async fn a_change_waits_for_another_one_that_is_under_way() {
    let conflicts = Arc::new(AtomicU32::new(0));
    let left = Arc::clone(&conflicts);
    let conflicting = move |call: &BackendCall| {
        let is_change = call.target.ends_with(".TransactWriteItems")
            && call.caller == "configuration"
            && call.moment == Moment::BeforeEffect;
        let take = |left: u32| left.checked_sub(1);
        let is_hit = is_change
            && left
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, take)
                .is_ok();
        is_hit.then(|| Instead {
            status: StatusCode::BAD_REQUEST,
            body: json!({
                "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
                "message": "Transaction cancelled, please refer cancellation reasons for specific reasons",
                "CancellationReasons": [{ "Code": "TransactionConflict" }, { "Code": "None" }],
            })
            .to_string(),
        })
    };
    let world = World::with(Options {
        interceptor: Some(Interceptor::new(conflicting)),
        ..Options::default()
    })
    .await;
    let url = format!("{}/oms", world.stack.sink_url());
    let put = async |give_up: u32| {
        let body = json!({ "url": url, "giveUpAfter": give_up });
        world.put("/webhook-endpoints/oms", &body).await
    };
    for (count, status) in [(0, 201), (1, 200), (3, 200)] {
        conflicts.store(count, Ordering::Relaxed);
        let answer = put(3600 + count).await;
        assert_eq!(answer.status, status, "{count}: {answer:?}");
        assert_eq!(answer.body["giveUpAfter"], 3600 + count);
    }
    // One that never ends is told, and changes nothing.
    conflicts.store(u32::MAX, Ordering::Relaxed);
    let contended = tokio::time::timeout(PATIENCE, put(7200)).await.unwrap();
    assert_eq!(contended.status, 503, "{contended:?}");
    conflicts.store(0, Ordering::Relaxed);
    let shown = world.get("/webhook-endpoints/oms").await;
    assert_eq!(shown.body["giveUpAfter"], 3603);
}
