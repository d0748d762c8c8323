//! Endpoints that take long to answer, and others beside them.

use std::time::{Duration, Instant};

use local::sink::Behaviour;
use local::stack::Options;
use serde_json::json;

use crate::notifications::chaos::first_arrivals;
use crate::notifications::kills::template_with;
use crate::notifications::silent::Silent;
use crate::notifications::world::{World, event, eventually, orders_in_lanes, webhook_id};

#[tokio::test]
async fn an_endpoint_that_is_honestly_slow_gets_everything_in_order() {
    // A run of the schedule has less time.
    let template = template_with("Timeout: 75\n", "Timeout: 45\n");
    let world = World::with(Options {
        template: template.path().join("template.yaml"),
        ..Options::default()
    })
    .await;
    world.behave(Behaviour {
        delay_ms: 3_300,
        ..Behaviour::default()
    });
    let orders: [String; 3] = orders_in_lanes();
    let kinds = ["PICKED_UP", "TRANSIT", "DELIVERED"];
    let mut accepted = Vec::new();
    for kind in kinds {
        for order in &orders {
            accepted.push(world.pushed(&event(order, kind), "ACCEPTED").await);
        }
    }
    eventually("a suspended endpoint", async || {
        (!world.is_active().await).then_some(())
    })
    .await;
    let path = format!("/webhook-endpoints/{}", world.demo().endpoint_id);
    let health = &world.get(&path).await.body["health"];
    assert_eq!(
        (&health["state"], &health["reason"]),
        (&json!("SUSPENDED"), &json!("SLOW"))
    );
    world.settled().await;
    assert!(world.a_minute_passes().await);
    assert_eq!(world.parked().await, 0);

    let received = world.sink().received();
    let first = first_arrivals(&received);
    assert_eq!(first.len(), 9);
    let arrival = |id: &String| first[webhook_id(id, "demo-sink").as_str()];
    for order in 0..3 {
        let arrivals: Vec<usize> = accepted
            .iter()
            .skip(order)
            .step_by(3)
            .map(arrival)
            .collect();
        assert!(arrivals.is_sorted(), "{arrivals:?}");
    }
    assert_eq!(received.len(), 9, "something was sent twice");
    world.stop().await;
}

/// All batches that the queue may have are waiting for silent endpoints.
#[tokio::test]
async fn silent_endpoints_do_not_hold_up_others_even_before_they_are_suspended() {
    let silent = Silent::listen().await;
    let world = World::with(Options {
        environment: silent.targets(),
        batches_at_a_time: 1,
        instance_limit: 1,
        ..Options::default()
    })
    .await;
    silent.connect(&world).await;
    let orders: [String; 3] = orders_in_lanes();
    for order in &orders {
        world.pushed(&event(order, "PICKED_UP"), "ACCEPTED").await;
    }
    let began = Instant::now();
    world.arrived(3).await;
    for (count, kind) in [(6, "TRANSIT"), (9, "DELIVERED")] {
        for order in &orders {
            world.pushed(&event(order, kind), "ACCEPTED").await;
        }
        world.arrived(count).await;
    }
    // The one instance is still waiting for the first attempts at the silent endpoint.
    assert!(
        began.elapsed() < Duration::from_secs(12),
        "{:?}",
        began.elapsed()
    );
    world.stop().await;
}
