//! What happens when the client does not accept a notification: when it is retried, and what waits meanwhile.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::time::{Duration, Instant};

use local::backends::{Interceptor, Moment};
use local::sink::{Behaviour, ReceivedRequest, RetryAfter};
use local::stack::Options;
use logistics::domain::delivery::{AttemptEnd, DeliveryRecord, DeliveryState};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::notifications::world::{PATIENCE, World, event, is_signed_with, orders_in_lanes, told};

const ENDPOINT: &str = "demo-sink";

fn webhook_ids(requests: &[ReceivedRequest]) -> BTreeSet<&str> {
    requests
        .iter()
        .map(|request| request.headers["webhook-id"].as_str())
        .collect()
}

fn ends(record: &DeliveryRecord) -> Vec<(AttemptEnd, Option<u16>)> {
    record
        .first
        .iter()
        .map(|attempt| (attempt.end, attempt.status))
        .collect()
}

#[tokio::test]
async fn failures_are_repeated_under_the_same_id_and_recorded_without_bodies() {
    let world = World::start().await;
    world.behave(Behaviour {
        status: 500,
        fail_next: Some(2),
        ..Behaviour::default()
    });
    let id = world
        .pushed(&event("stubborn", "SHIPPED"), "ACCEPTED")
        .await;
    let arrived = world.arrived(3).await;
    assert_eq!(webhook_ids(&arrived).len(), 1);
    assert!(
        arrived
            .iter()
            .all(|request| request.body == arrived[0].body)
    );
    // Each attempt is signed with its own timestamp.
    assert_ne!(
        arrived[0].headers["webhook-signature"],
        arrived[1].headers["webhook-signature"]
    );
    let secret = &world.demo().signing_secret;
    for request in &arrived {
        assert!(is_signed_with(secret, request, &request.body));
    }
    let times: Vec<jiff::Timestamp> = arrived
        .iter()
        .map(|request| request.received_at.parse().unwrap())
        .collect();
    let waited = |index: usize| times[index].duration_since(times[index - 1]).as_secs_f64();
    assert!((4.0..9.0).contains(&waited(1)), "{times:?}");
    assert!((12.0..22.0).contains(&waited(2)), "{times:?}");

    let record = world.record(&id, ENDPOINT, 3).await;
    assert_eq!(record.state, DeliveryState::Delivered);
    assert_eq!(
        ends(&record),
        [
            (AttemptEnd::Rejected, Some(500)),
            (AttemptEnd::Rejected, Some(500)),
            (AttemptEnd::Accepted, Some(200))
        ]
    );
    let item = world.item(&world.delivery_key(&id, ENDPOINT)).await;
    let attributes: Vec<&str> = item.keys().map(String::as_str).collect();
    assert_eq!(
        attributes,
        ["attempts", "expiresAt", "first", "pk", "sk", "state"]
    );
    let attempt = item["first"].as_l().unwrap()[0].as_m().unwrap();
    let mut attributes: Vec<&str> = attempt.keys().map(String::as_str).collect();
    attributes.sort_unstable();
    assert_eq!(attributes, ["at", "durationMs", "end", "status"]);
    world.settled().await;
}

#[tokio::test]
async fn later_notifications_of_the_shipment_wait_and_other_shipments_continue() {
    let world = World::start().await;
    let [failing, other] = orders_in_lanes();
    world.behave(Behaviour {
        status: 503,
        fail_next: Some(1),
        ..Behaviour::default()
    });
    let push = async |order: &str, kind: &str| {
        world.pushed(&event(order, kind), "ACCEPTED").await;
    };
    push(&failing, "SHIPPED").await;
    world.arrived(1).await;
    for kind in ["TRANSIT", "OUT_FOR_DELIVERY", "DELIVERED"] {
        push(&failing, kind).await;
        push(&other, kind).await;
    }
    let first = |what: &str| format!("{failing} {what}");
    let second = |what: &str| format!("{other} {what}");
    let told = told(&world.arrived(8).await);
    assert_eq!(
        told,
        [
            first("SHIPPED"),
            second("TRANSIT"),
            second("OUT_FOR_DELIVERY"),
            second("DELIVERED"),
            first("SHIPPED"),
            first("TRANSIT"),
            first("OUT_FOR_DELIVERY"),
            first("DELIVERED"),
        ]
    );
    world.settled().await;
    assert_eq!(world.sink().received().len(), 8);
}

#[tokio::test]
async fn retry_after_is_honoured() {
    let world = World::start().await;
    world.behave(Behaviour {
        status: 429,
        fail_next: Some(1),
        retry_after: Some(RetryAfter::Seconds(6)),
        ..Behaviour::default()
    });
    let began = Instant::now();
    let id = world
        .pushed(&event("throttled", "SHIPPED"), "ACCEPTED")
        .await;
    let arrived = world.arrived(1).await;
    assert_eq!(arrived.len(), 1);
    let arrived = world.arrived(2).await;
    assert!(began.elapsed() >= Duration::from_secs(6));
    assert_eq!(webhook_ids(&arrived).len(), 1);
    let record = world.record(&id, ENDPOINT, 2).await;
    assert_eq!(
        ends(&record),
        [
            (AttemptEnd::Rejected, Some(429)),
            (AttemptEnd::Accepted, Some(200))
        ]
    );
}

/// The remaining time of a batch, in seconds; no delay in these tests is like it.
const REST_OF_A_BATCH: RangeInclusive<u64> = 20..=40;

/// The delays, in seconds, that the function sets for messages.
fn delays() -> (Interceptor, mpsc::UnboundedReceiver<u64>) {
    let (sender, receiver) = mpsc::unbounded_channel();
    let interceptor = Interceptor::new(move |call| {
        if call.target == "AmazonSQS.ChangeMessageVisibilityBatch"
            && call.moment == Moment::AfterEffect
        {
            let request: Value = serde_json::from_slice(&call.request).unwrap();
            let entries = request["Entries"].as_array().unwrap().iter();
            let delays = entries.map(|entry| entry["VisibilityTimeout"].as_u64().unwrap());
            // A batch that takes long hides its messages for its remaining time.
            for delay in delays.filter(|delay| !REST_OF_A_BATCH.contains(delay)) {
                sender.send(delay).ok();
            }
        }
        None
    });
    (interceptor, receiver)
}

#[tokio::test]
async fn every_failure_has_its_delay() {
    let (interceptor, mut delays) = delays();
    let world = World::with(Options {
        interceptor: Some(interceptor),
        ..Options::default()
    })
    .await;
    let usual = 4..=6;
    let exactly = |seconds| seconds..=seconds;
    let text = |text: &str| Some(RetryAfter::Text(text.to_owned()));
    let cases = [
        (500, None, usual.clone()),
        (404, None, usual.clone()),
        (429, Some(RetryAfter::Seconds(120)), exactly(120)),
        (503, Some(RetryAfter::Seconds(7)), exactly(7)),
        (503, Some(RetryAfter::Seconds(1)), usual.clone()),
        (503, Some(RetryAfter::Seconds(86_400)), exactly(900)),
        (503, text("99999999999999999999999"), exactly(900)),
        (503, text("soon"), usual.clone()),
        (503, text("-1"), usual.clone()),
        (503, text("Sat, 21 Nov 2020 07:29:00 GMT"), usual.clone()),
        (503, text("Sat, 21 Nov 2099 07:29:00 GMT"), exactly(900)),
        (204, None, exactly(0)),
    ];
    // A retry of an earlier case may meet the answer that is meant for a later one, and then wait for a quarter of an hour: no
    // other case may be behind it.
    let orders: [String; 12] = orders_in_lanes();
    for (order, (status, retry_after, expected)) in orders.iter().zip(cases) {
        world.behave(Behaviour {
            status,
            retry_after: retry_after.clone(),
            fail_next: Some(1),
            ..Behaviour::default()
        });
        let id = world.pushed(&event(order, "SHIPPED"), "ACCEPTED").await;
        if status == 204 {
            let record = world.record(&id, ENDPOINT, 1).await;
            assert_eq!(record.state, DeliveryState::Delivered);
            continue;
        }
        let delay = tokio::time::timeout(PATIENCE, delays.recv()).await;
        let delay = delay.unwrap().unwrap();
        assert!(
            expected.contains(&delay),
            "{status} {retry_after:?}: {delay} s"
        );
    }
}

#[tokio::test]
async fn a_gone_endpoint_is_given_up_and_disabled_and_others_are_not() {
    let world = World::start().await;
    let [gone, other] = orders_in_lanes();
    let another = world.sink_path("/another");
    world.add_endpoint("demo", "another", &another).await;
    world.behave(Behaviour {
        status: 410,
        fail_next: Some(1),
        ..Behaviour::default()
    });
    let id = world.pushed(&event(&gone, "SHIPPED"), "ACCEPTED").await;
    world.arrived(2).await;
    let records = [
        world.record(&id, ENDPOINT, 1).await,
        world.record(&id, "another", 1).await,
    ];
    let (gone_one, other_one) = match records.each_ref().map(|record| record.state) {
        [DeliveryState::Failed, DeliveryState::Delivered] => (ENDPOINT, "another"),
        [DeliveryState::Delivered, DeliveryState::Failed] => ("another", ENDPOINT),
        states => panic!("{states:?}"),
    };
    let item = world.endpoint_item("demo", gone_one).await;
    assert_eq!(item["enabled"].as_bool(), Ok(&false));
    assert_eq!(item["disabledReason"].as_s().unwrap(), "GONE");
    let at: i64 = item["disabledAt"].as_n().unwrap().parse().unwrap();
    assert!(records.iter().any(|record| record.first[0].at == at));
    let item = world.endpoint_item("demo", other_one).await;
    assert_eq!(item["enabled"].as_bool(), Ok(&true));

    // What is accepted from then on does not go there. It is given up without an attempt, so that a recovery finds it.
    let id = world.pushed(&event(&other, "SHIPPED"), "ACCEPTED").await;
    let record = world.record(&id, other_one, 1).await;
    assert_eq!(record.state, DeliveryState::Delivered);
    let record = world.record(&id, gone_one, 1).await;
    assert_eq!(record.state, DeliveryState::Failed);
    assert_eq!(ends(&record), [(AttemptEnd::Disabled, None)]);
    world.settled().await;
    assert_eq!(world.sink().received().len(), 3);
    let gone = format!("/webhook-endpoints/{gone_one}");
    world.call(&format!("{gone}/resume"), &json!({})).await;
    let recovered = world.call(&format!("{gone}/recover"), &json!({})).await;
    assert_eq!(
        (&recovered.body["matched"], &recovered.body["queued"]),
        (&json!(2), &json!(2))
    );
    assert_eq!(world.arrived(5).await.len(), 5);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let world = World::start().await;
    let elsewhere = world.sink_path("/elsewhere");
    world.behave(Behaviour {
        status: 302,
        fail_next: Some(1),
        headers: [("location".to_owned(), elsewhere)].into(),
        ..Behaviour::default()
    });
    let id = world.pushed(&event("moved", "SHIPPED"), "ACCEPTED").await;
    let arrived = world.arrived(2).await;
    assert!(
        arrived
            .iter()
            .all(|request| request.path == "/webhooks/rms")
    );
    let record = world.record(&id, ENDPOINT, 2).await;
    assert_eq!(
        ends(&record),
        [
            (AttemptEnd::Rejected, Some(302)),
            (AttemptEnd::Accepted, Some(200))
        ]
    );
    world.settled().await;
}

#[tokio::test]
async fn a_cut_connection_is_a_failure_and_a_slow_answer_is_not() {
    let world = World::start().await;
    let [cut, slow] = orders_in_lanes();
    world.behave(Behaviour {
        reset: true,
        fail_next: Some(1),
        ..Behaviour::default()
    });
    let cut = world.pushed(&event(&cut, "SHIPPED"), "ACCEPTED").await;
    world.arrived(1).await;
    world.record(&cut, ENDPOINT, 1).await;
    world.behave(Behaviour {
        delay_ms: 3000,
        fail_next: Some(1),
        ..Behaviour::default()
    });
    let slow = world.pushed(&event(&slow, "SHIPPED"), "ACCEPTED").await;
    let slow = world.record(&slow, ENDPOINT, 1).await;
    assert_eq!(slow.state, DeliveryState::Delivered);
    assert!(slow.first[0].duration_ms >= 3000);
    let cut = world.record(&cut, ENDPOINT, 2).await;
    assert_eq!(
        ends(&cut),
        [
            (AttemptEnd::NoAnswer, None),
            (AttemptEnd::Accepted, Some(200))
        ]
    );
    assert_eq!(world.arrived(3).await.len(), 3);
    world.settled().await;
}

#[tokio::test]
async fn an_answer_that_takes_more_than_fifteen_seconds_is_not_waited_for() {
    let world = World::start().await;
    let [late, other] = orders_in_lanes();
    world.behave(Behaviour {
        delay_ms: 60_000,
        fail_next: Some(1),
        ..Behaviour::default()
    });
    let id = world.pushed(&event(&late, "SHIPPED"), "ACCEPTED").await;
    world.arrived(1).await;
    // Meanwhile other shipments continue, and this shipment waits.
    let began = Instant::now();
    world.pushed(&event(&late, "DELIVERED"), "ACCEPTED").await;
    world.pushed(&event(&other, "SHIPPED"), "ACCEPTED").await;
    assert_eq!(told(&world.arrived(2).await)[1], format!("{other} SHIPPED"));
    assert!(began.elapsed() < Duration::from_secs(10));
    let record = world.record(&id, ENDPOINT, 1).await;
    assert_eq!(ends(&record), [(AttemptEnd::NoAnswer, None)]);
    assert!((15_000..17_000).contains(&record.first[0].duration_ms));
    assert_eq!(world.sink().received().len(), 2);
}

#[tokio::test]
async fn an_unreachable_endpoint_is_a_failure_like_any_other() {
    let world = World::start().await;
    // The simulators' server may be called, but has no such path.
    let nowhere = format!("{}/nowhere", world.stack.simulator_url());
    world.add_endpoint("demo", "lost", &nowhere).await;
    world
        .add_endpoint("demo", "forbidden", "http://127.0.0.1:9/")
        .await;
    let id = world
        .pushed(&event("three-ways", "SHIPPED"), "ACCEPTED")
        .await;
    world.arrived(1).await;
    let record = world.record(&id, "lost", 1).await;
    assert_eq!(record.state, DeliveryState::Pending);
    assert_eq!(record.first[0].end, AttemptEnd::Rejected);
    let record = world.record(&id, "forbidden", 1).await;
    assert_eq!(record.state, DeliveryState::Pending);
    assert_eq!(ends(&record), [(AttemptEnd::ForbiddenTarget, None)]);
    let record = world.record(&id, ENDPOINT, 1).await;
    assert_eq!(record.state, DeliveryState::Delivered);
}
