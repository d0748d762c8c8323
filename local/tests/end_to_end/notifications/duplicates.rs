//! A message is received again during its attempt, or twice at once. The client may receive a notification twice, with one
//! id, but never out of order, and the record shows what happened.

use futures::future::join_all;
use local::backends::{Instead, Interceptor, Moment};
use local::sink::{Behaviour, ReceivedRequest};
use local::stack::Options;
use logistics::domain::delivery::{AttemptEnd, DeliveryState};
use logistics::store::delivering::deliveries::Deliveries;
use logistics::store::keys::Key;
use reqwest::StatusCode;
use serde_json::Value;
use tempfile::TempDir;

use crate::notifications::batches::Message;
use crate::notifications::chaos::{WAY, arrives, first_arrivals, pushed_its_way};
use crate::notifications::kills::{impatient_template, kill_all};
use crate::notifications::world::{
    World, body, event, eventually, is_signed_with, orders_in_lanes, told, webhook_id,
};

const ENDPOINT: &str = "demo-sink";
const FORWARD: &str = "notification-forward";
/// Visibility timeout of these tests: only a slow attempt takes longer, even on a busy machine.
const INVISIBLE_SECONDS: u32 = 4;
/// Longer than the visibility timeout, and shorter than the timeout plus the first retry delay.
const SLOW_MS: u64 = 5500;
/// More than any delay of a retry in these tests.
const REST_OF_A_BATCH: u64 = 15;

/// Refuses to hide messages for the rest of a batch.
fn keeps_the_timeout() -> Interceptor {
    Interceptor::new(|call| {
        let request: Value = serde_json::from_slice(&call.request).unwrap_or_default();
        let seconds = request["Entries"][0]["VisibilityTimeout"].as_u64();
        let is_long = seconds.is_some_and(|seconds| seconds > REST_OF_A_BATCH);
        let is_refused = is_long && call.moment == Moment::BeforeEffect;
        is_refused.then(|| Instead {
            status: StatusCode::SERVICE_UNAVAILABLE,
            body: "{}".to_owned(),
        })
    })
}

/// A stack in which a message becomes visible during a slow attempt.
async fn hasty() -> (World, TempDir) {
    let template = impatient_template(INVISIBLE_SECONDS);
    let world = World::with(Options {
        template: template.path().join("template.yaml"),
        interceptor: Some(keeps_the_timeout()),
        ..Options::default()
    })
    .await;
    (world, template)
}

/// The next request gets this status late; later requests get 200 at once.
fn late(status: u16) -> Behaviour {
    Behaviour {
        status,
        delay_ms: SLOW_MS,
        fail_next: Some(1),
        ..Behaviour::default()
    }
}

fn ids(requests: &[ReceivedRequest]) -> Vec<&str> {
    requests
        .iter()
        .map(|request| request.headers["webhook-id"].as_str())
        .collect()
}

#[tokio::test]
async fn a_message_received_again_during_its_attempt_arrives_twice_with_one_id() {
    let (world, _template) = hasty().await;
    world.behave(late(200));
    let first = world.pushed(&event("slow", "SHIPPED"), "ACCEPTED").await;
    world.arrived(1).await;
    let second = world.pushed(&event("slow", "DELIVERED"), "ACCEPTED").await;
    let arrived = world.arrived(3).await;
    assert_eq!(
        told(&arrived),
        ["slow SHIPPED", "slow SHIPPED", "slow DELIVERED"]
    );
    let [first_id, second_id] = [&first, &second].map(|id| webhook_id(id, ENDPOINT));
    assert_eq!(ids(&arrived), [&first_id, &first_id, &second_id]);
    assert_eq!(arrived[0].body, arrived[1].body);
    let secret = &world.demo().signing_secret;
    for request in &arrived {
        assert!(is_signed_with(secret, request, &request.body));
    }
    the_slow_attempt_has_ended(&world).await;
    world.settled().await;
    for id in [&first, &second] {
        let record = world.record(id, ENDPOINT, 1).await;
        assert_eq!(record.state, DeliveryState::Delivered);
        assert_eq!(record.attempts, 1, "{record:?}");
    }
    assert_eq!(world.sink().received().len(), 3);
}

/// The earlier attempt fails after the later one succeeded: the delivery stays delivered.
#[tokio::test]
async fn a_failure_that_comes_after_the_success_of_a_later_attempt_changes_nothing() {
    let (world, _template) = hasty().await;
    world.behave(late(500));
    let id = world.pushed(&event("slow", "SHIPPED"), "ACCEPTED").await;
    world.arrived(2).await;
    the_slow_attempt_has_ended(&world).await;
    world.settled().await;
    let record = world.record(&id, ENDPOINT, 1).await;
    assert_eq!(record.state, DeliveryState::Delivered);
    assert_eq!(record.attempts, 1, "{record:?}");
    world.pushed(&event("slow", "DELIVERED"), "ACCEPTED").await;
    world.arrived(3).await;
    world.settled().await;
    assert_eq!(
        told(&world.sink().received()),
        ["slow SHIPPED", "slow SHIPPED", "slow DELIVERED"]
    );
}

/// The earlier attempt succeeds while the later one has failed and waits: there is no third attempt.
#[tokio::test]
async fn a_success_that_comes_after_the_failure_of_a_later_attempt_is_kept() {
    let (world, _template) = hasty().await;
    world.behave(late(200));
    let id = world.pushed(&event("slow", "SHIPPED"), "ACCEPTED").await;
    world.arrived(1).await;
    world.behave(Behaviour {
        status: 503,
        fail_next: Some(1),
        ..Behaviour::default()
    });
    let arrived = world.arrived(2).await;
    let wanted = webhook_id(&id, ENDPOINT);
    assert_eq!(ids(&arrived), [&wanted, &wanted]);
    let record = world.record(&id, ENDPOINT, 2).await;
    assert_eq!(record.state, DeliveryState::Delivered);
    let ends: Vec<_> = record.first.iter().map(|attempt| attempt.end).collect();
    assert_eq!(ends, [AttemptEnd::Rejected, AttemptEnd::Accepted]);
    world.settled().await;
    assert_eq!(world.sink().received().len(), 2);
}

/// Only the slow attempt's invocation takes this long.
async fn the_slow_attempt_has_ended(world: &World) {
    eventually("the end of the slow attempt", async || {
        let served = world.stack.served(FORWARD);
        (served.billed_ms >= SLOW_MS.into()).then_some(())
    })
    .await;
}

/// Two concurrent instances whose attempts overlap because the client answers slowly.
async fn twice_at_once(world: &World, ids: &[&str]) -> [Vec<String>; 2] {
    let batch = || {
        let messages = ids.iter().map(|id| Message::new(id, "lane", ENDPOINT));
        messages.collect::<Vec<_>>()
    };
    let (one, other) = (batch(), batch());
    tokio::join!(world.forward(&one), world.forward(&other)).into()
}

#[tokio::test]
async fn a_batch_received_twice_at_once_keeps_its_order_and_its_ids() {
    let world = World::start().await;
    world.behave(Behaviour {
        delay_ms: 300,
        ..Behaviour::default()
    });
    let names = ["m1", "m2", "m3"];
    assert_eq!(
        twice_at_once(&world, &names).await,
        [vec![], vec![]] as [Vec<String>; 2]
    );
    let received = world.sink().received();
    assert_eq!(received.len(), 6);
    let mut once = ids(&received);
    once.dedup();
    let expected = names.map(|name| format!("dlv_batch_{name}_{ENDPOINT}"));
    assert_eq!(once, expected);
    for name in names {
        assert!(recorded(&world, name).await.has_ended());
    }
    // Once more, after both have ended.
    let late = names.map(|id| Message {
        receive_count: 3,
        ..Message::new(id, "lane", ENDPOINT)
    });
    assert!(world.forward(&late).await.is_empty());
    assert_eq!(world.sink().received().len(), 6);
}

#[tokio::test]
async fn two_failures_at_once_are_both_recorded() {
    let world = World::start().await;
    world.behave(Behaviour {
        status: 500,
        delay_ms: 300,
        ..Behaviour::default()
    });
    let left = twice_at_once(&world, &["head", "next"]).await;
    assert_eq!(left, [["head", "next"]; 2]);
    let received = world.sink().received();
    assert!(
        received
            .iter()
            .all(|request| body(request)["message"] == "head")
    );
    let record = recorded(&world, "head").await;
    assert_eq!((record.attempts, record.state), (2, DeliveryState::Pending));
    assert_eq!(received.len(), 2);
}

async fn recorded(world: &World, message: &str) -> logistics::domain::delivery::DeliveryRecord {
    let deliveries = Deliveries::new(
        world.dynamodb(),
        world.table("NotificationsTable").to_owned(),
    );
    let key = Key {
        pk: "demo#batch".to_owned(),
        sk: format!("{message}#{ENDPOINT}"),
    };
    deliveries.get(&key).await.unwrap().unwrap()
}

const LANES: usize = 4;
const ROUNDS: usize = 16;

/// A crash causes at most one duplicate per lane, and a visibility timeout that expires too early causes one.
#[tokio::test]
async fn less_than_one_percent_is_duplicated_by_a_crash_and_a_slow_answer() {
    let (world, _template) = hasty().await;
    let lanes: [String; LANES] = orders_in_lanes();
    let mut accepted = Vec::new();
    for round in 0..ROUNDS {
        if round == ROUNDS / 4 {
            world.behave(late(200));
        }
        let orders = lanes.iter().map(|lane| format!("{lane}-{round}"));
        let pushed = orders.map(async |order| pushed_its_way(&world, &order).await);
        accepted.extend(join_all(pushed).await);
        if round == ROUNDS / 2 {
            assert!(!world.stack.process_ids(FORWARD).is_empty());
            kill_all(&world.stack, FORWARD);
        }
    }
    for id in accepted.iter().flatten() {
        arrives(&world, id, "in the run").await;
    }
    world.settled().await;
    let received = world.sink().received();
    let first = first_arrivals(&received);
    for way in &accepted {
        let arrivals = way
            .iter()
            .map(|id| first[webhook_id(id, ENDPOINT).as_str()]);
        assert!(arrivals.is_sorted(), "{way:?}");
    }
    let notifications = LANES * ROUNDS * WAY.len();
    assert_eq!(first.len(), notifications, "other ids arrived too");
    let duplicates = received.len() - notifications;
    assert!((1..=LANES + 1).contains(&duplicates), "{duplicates}");
    assert!(
        duplicates * 100 < notifications,
        "{duplicates} of {notifications}"
    );
}
