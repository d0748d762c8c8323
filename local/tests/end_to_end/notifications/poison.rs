//! Messages that cannot be processed: they are moved to the dead-letter queue and block no other message.

use std::collections::BTreeSet;

use local::stack::Options;
use operator::dlq::{self, Filter, Place, Queues, Source};
use serde_json::json;

use crate::notifications::batches::Message;
use crate::notifications::kills::{Killer, impatient_template};
use crate::notifications::world::{World, event, eventually, told};

#[tokio::test]
async fn an_unreadable_message_is_buried_and_its_lane_continues() {
    let world = World::start().await;
    let poison = [
        "garbage".to_owned(),
        " ".to_owned(),
        "null".to_owned(),
        "{}".to_owned(),
        "[]".to_owned(),
        "{\"kind\":\"delivery.v1\"}".to_owned(),
        json!({ "kind": "delivery.v2", "payload": "{}" }).to_string(),
        json!({ "Records": [] }).to_string(),
        "[".repeat(10_000),
        // Valid except for one type.
        Message::new("wrong", "lane", "demo-sink")
            .body()
            .replace("false", "\"false\""),
    ];
    world.pushed(&event("healthy", "SHIPPED"), "ACCEPTED").await;
    world.arrived(1).await;
    for lane in 0..32 {
        let body = &poison[lane % poison.len()];
        world
            .send("DeliveryQueue", &format!("demo:demo-sink:{lane}"), body)
            .await;
    }
    for body in &poison {
        world
            .send("DeliveryQueue", "a group of its own", body)
            .await;
    }
    world
        .pushed(&event("healthy", "DELIVERED"), "ACCEPTED")
        .await;
    let arrived = world.arrived(2).await;
    assert_eq!(told(&arrived), ["healthy SHIPPED", "healthy DELIVERED"]);
    let buried = world.buried(32 + poison.len()).await;
    let kinds: BTreeSet<&String> = buried.iter().collect();
    assert_eq!(kinds, poison.iter().collect());
    world.settled().await;
}

#[tokio::test]
async fn a_message_that_kills_the_function_again_and_again_is_buried() {
    let killer = Killer::default();
    let template = impatient_template(1);
    let published_at = template.path().join("stack.json");
    let world = World::with(Options {
        template: template.path().join("template.yaml"),
        interceptor: Some(killer.interceptor()),
        publish: Some(published_at.clone()),
        ..Options::default()
    })
    .await;
    killer.watch(&world, "notification-forward");
    world
        .add_endpoint("demo", "crasher", &world.sink_path("/crasher"))
        .await;
    // The function is killed whenever it reads the endpoint of this delivery.
    killer.kill_always(|call| {
        let request = String::from_utf8_lossy(&call.request);
        let is_of_endpoint = request.contains("EndpointsTable") && request.contains("\"crasher\"");
        call.target.ends_with("GetItem") && is_of_endpoint
    });
    world.pushed(&event("deadly", "SHIPPED"), "ACCEPTED").await;
    let place = Place::RunningStack(published_at);
    let queues = Queues::find(&place, &Source::ALL).await;
    let queues = queues.unwrap();
    let listed = eventually("a buried message", async || {
        dlq::list(&queues).await.unwrap().messages.pop()
    });
    let listed = listed.await;
    assert_eq!(listed.endpoint_id.as_deref(), Some("crasher"));
    assert!(listed.reason.unwrap().contains("crashed"));
    // The same notification was delivered to the other endpoint.
    let arrived = world.arrived(1).await;
    assert!(
        arrived
            .iter()
            .all(|request| request.path == "/webhooks/rms")
    );
    // A few crashes may be accidental; only more of them bury the message.
    assert!((8..=16).contains(&killer.kills()), "{}", killer.kills());
    // The function is fixed, and the message is replayed.
    killer.kill_always(|_| false);
    let replayed = dlq::replay(&queues, &Filter::default()).await.unwrap();
    assert_eq!(replayed.replayed, 1);
    let at_last = eventually("the crasher's delivery", async || {
        let received = world.sink().received();
        received
            .into_iter()
            .find(|request| request.path == "/crasher")
    });
    let at_last = at_last.await;
    assert_eq!(at_last.headers["webhook-replayed"], "true");
    assert_eq!(
        Some(&at_last.headers["webhook-id"]),
        listed.delivery_id.as_ref()
    );
    assert_eq!(at_last.body, arrived[0].body);
    world.settled().await;
}
