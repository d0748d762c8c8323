//! Stacks as a whole: what survives a restart, that two stacks are isolated, and that no process is left behind.

use std::collections::BTreeMap;
use std::path::Path;

use local::sink::Behaviour;
use local::stack::Options;
use serde_json::{Value, json};

use crate::notifications::journeys::forward;
use crate::notifications::world::{
    World, are_backends_elsewhere, event, is_signed_with, leave_out,
};

#[tokio::test]
async fn the_demo_s_endpoints_are_those_that_are_published() {
    let world = World::start().await;
    let listed = world.get("/webhook-endpoints").await;
    let shown = |endpoint: &Value| {
        let fields = ["url", "method", "messages"];
        let id = endpoint["id"].as_str().unwrap().to_owned();
        (id, fields.map(|field| endpoint[field].clone()))
    };
    let listed = listed.body["webhookEndpoints"].as_array().unwrap().iter();
    let listed: BTreeMap<String, [Value; 3]> = listed.map(shown).collect();
    let published = serde_json::to_value(&world.demo().endpoints).unwrap();
    let published = published.as_object().unwrap().iter();
    let published = published.map(|(id, endpoint)| {
        let mut endpoint = endpoint.clone();
        endpoint["id"] = json!(id);
        shown(&endpoint)
    });
    assert_eq!(listed, published.collect());
    let acks = &listed["acks"];
    let url = world.sink_path("/webhooks/acks");
    assert_eq!(
        *acks,
        [json!(url), json!("PUT"), json!(["RETURN_ORDER_ACK"])]
    );
}

#[tokio::test]
async fn a_restart_loses_nothing() {
    if are_backends_elsewhere() {
        return leave_out("only the embedded backends have a data directory");
    }
    let directory = tempfile::tempdir().unwrap();
    let options = || Options {
        data: Some(directory.path().join("data")),
        ..Options::default()
    };
    let world = World::with(options()).await;
    let before = world.demo().clone();
    let label = world.call("/shipping-labels", &forward("kept")).await;
    assert_eq!(label.status, 200, "{label:?}");
    world.behave(Behaviour {
        status: 500,
        ..Behaviour::default()
    });
    let of_the_label = |word| {
        let mut event = event("kept", word);
        event["forwardAwb"] = label.body["awb"].clone();
        event
    };
    let first = of_the_label("SHIPPED");
    let id = world.pushed(&first, "ACCEPTED").await;
    let failed = world.arrived(1).await.remove(0);
    world.record(&id, "demo-sink", 1).await;
    world.pushed(&of_the_label("DELIVERED"), "ACCEPTED").await;
    world.stop().await;

    let world = World::with(options()).await;
    let after = world.demo();
    assert_eq!(
        (&after.client_id, &after.api_key, &after.signing_secret),
        (&before.client_id, &before.api_key, &before.signing_secret)
    );
    for (id, endpoint) in &before.endpoints {
        let kept = &after.endpoints[id].signing_secret;
        assert_eq!(*kept, endpoint.signing_secret, "{id}");
    }
    let arrived = world.arrived(2).await;
    assert_eq!(
        arrived[0].headers["webhook-id"],
        failed.headers["webhook-id"]
    );
    assert_eq!(arrived[0].body, failed.body);
    assert!(is_signed_with(
        &before.signing_secret,
        &arrived[0],
        &failed.body
    ));
    assert!(arrived[1].body.contains("DELIVERED"));
    // One record has the attempts of both runs.
    let record = world.record(&id, "demo-sink", 2).await;
    assert!(record.has_ended());
    assert_eq!(record.first[0].status, Some(500));
    assert_eq!(world.pushed(&first, "DUPLICATE").await, id);

    let again = world.call("/shipping-labels", &forward("kept")).await;
    assert_eq!(again.status, 200, "{again:?}");
    assert_eq!(again.header("idempotent-replayed"), "true");
    assert_eq!(again.body, label.body);
    world.settled().await;
    assert_eq!(world.sink().received().len(), 2);
    world.stop().await;
}

#[tokio::test]
async fn two_stacks_are_isolated_from_each_other() {
    let (one, other) = tokio::join!(World::start(), World::start());
    let event = event("same", "SHIPPED");
    let (mine, theirs) = tokio::join!(
        one.pushed(&event, "ACCEPTED"),
        other.pushed(&event, "ACCEPTED")
    );
    assert_eq!(mine, theirs);
    for (world, stranger) in [(&one, &other), (&other, &one)] {
        let arrived = world.arrived(1).await;
        let is_signed = |world: &World| {
            is_signed_with(&world.demo().signing_secret, &arrived[0], &arrived[0].body)
        };
        assert!(is_signed(world) && !is_signed(stranger));
        let headers = &stranger.magic().headers;
        let proof = ["authUsername", "authPassword"].map(|name| (name, headers[name].as_str()));
        let answer = world.push_with(&proof, event.to_string()).await;
        answer.is_problem(401, "unauthenticated");
    }
    one.stop().await;
    let event = crate::notifications::world::event("same", "DELIVERED");
    other.pushed(&event, "ACCEPTED").await;
    assert_eq!(other.arrived(2).await.len(), 2);
}

#[tokio::test]
async fn a_stopped_stack_leaves_no_process() {
    let world = World::start().await;
    world.pushed(&event("any", "SHIPPED"), "ACCEPTED").await;
    world.arrived(1).await;
    let label = world.call("/shipping-labels", &forward("any")).await;
    assert_eq!(label.status, 200, "{label:?}");
    // One is busy when the stack stops.
    world.behave(Behaviour {
        delay_ms: 60_000,
        ..Behaviour::default()
    });
    world.pushed(&event("any", "DELIVERED"), "ACCEPTED").await;
    world.arrived(2).await;
    let functions = [
        "notification-push",
        "notification-forward",
        "generate-label",
    ];
    let processes: Vec<u32> = functions
        .iter()
        .flat_map(|function| world.stack.process_ids(function))
        .collect();
    assert!(processes.len() >= functions.len(), "{processes:?}");
    let runs = |process: &u32| Path::new(&format!("/proc/{process}/stat")).exists();
    assert!(processes.iter().all(runs));
    world.stop().await;
    assert!(!processes.iter().any(runs), "{processes:?}");
}
