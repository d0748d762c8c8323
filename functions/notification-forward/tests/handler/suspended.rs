//! When an endpoint is suspended, and what happens to its messages.

use aws_sdk_sqs::types::SendMessageBatchRequestEntry;
use futures::StreamExt as _;
use jiff::{SignedDuration, Timestamp};
use local::handler_world::HandlerWorld;
use logistics::domain::endpoint_key::EndpointKey;
use logistics::domain::health::{
    Draining, Health, MOST_WAITING, Stage, Suspension, SuspensionReason,
};
use logistics::store::delivering::parked::EndpointLane;
use notification_forward::App;
use serde_json::{Value, json};

use crate::notification_forward::world::{another, answer, app, left, record, task, young};

pub(crate) fn endpoint_key() -> EndpointKey {
    EndpointKey {
        client_id: "demo".parse().unwrap(),
        endpoint_id: "demo-sink".parse().unwrap(),
    }
}

/// The lane of the event's message.
fn lane() -> EndpointLane {
    EndpointLane {
        endpoint: endpoint_key(),
        lane: 19,
    }
}

pub(crate) async fn health(app: &App) -> Health {
    let healths = &app.forwarding.attempting.healths;
    healths.read(&endpoint_key()).await.unwrap()
}

/// The sort keys of the records of the deliveries that are parked in the lane.
pub(crate) async fn parked(app: &App) -> Vec<Value> {
    let lane = lane();
    let parked = app.forwarding.parked.first(&lane, None, 10).await;
    let parked = parked.unwrap().into_iter();
    parked
        .map(|parked| json!(parked.delivery.record().sk))
        .collect()
}

/// Records that the endpoint has been failing for this long.
async fn failing_for(app: &App, minutes: i64) {
    let since = Timestamp::now() - SignedDuration::from_mins(minutes);
    let healths = &app.forwarding.attempting.healths;
    healths.fails(&endpoint_key(), since).await.unwrap();
}

/// Suspends the endpoint, in this stage.
pub(crate) async fn suspended(app: &App, stage: Stage) {
    failing_for(app, 15).await;
    let suspension = Suspension {
        stage,
        ..Suspension::new(Timestamp::now(), SuspensionReason::Failing, 32)
    };
    let seen = health(app).await;
    let healths = &app.forwarding.attempting.healths;
    let suspended = healths.suspend(&endpoint_key(), &seen, &suspension).await;
    assert!(suspended.unwrap());
}

#[tokio::test]
async fn messages_for_a_suspended_endpoint_are_parked_in_the_order_of_the_queue() {
    let world = HandlerWorld::start().await.unwrap();
    let app = app(&world);
    suspended(&app, Stage::Suspended).await;
    let mut batch = young();
    let first = another(1)["Records"][0].clone();
    batch["Records"].as_array_mut().unwrap().push(first);
    batch["Records"][1]["messageId"] = json!("second");
    batch["Records"][1]["attributes"]["SequenceNumber"] = json!("18894763458162607105");
    assert!(left(&app, batch.clone()).await.is_empty());
    assert!(world.sink.received().is_empty());
    let expected = [
        task(&batch)["record"]["sk"].clone(),
        json!("another-1#demo-sink"),
    ];
    assert_eq!(parked(&app).await, expected);
}

#[tokio::test]
async fn messages_of_a_closing_lane_wait_and_an_open_lane_delivers() {
    let world = HandlerWorld::start().await.unwrap();
    let app = app(&world);
    let draining = Draining {
        parking: [1].into(),
        closing: [19].into(),
    };
    suspended(&app, Stage::Draining(draining)).await;
    let event = young();
    assert_eq!(left(&app, event.clone()).await.len(), 1);
    assert!(world.sink.received().is_empty());
    assert!(parked(&app).await.is_empty());
    let mut open = event;
    open["Records"][0]["attributes"]["MessageGroupId"] = json!("demo:demo-sink:2");
    assert!(left(&app, open).await.is_empty());
    assert_eq!(world.sink.received().len(), 1);
}

#[tokio::test]
async fn an_endpoint_that_fails_for_a_quarter_of_an_hour_is_suspended() {
    let world = HandlerWorld::start().await.unwrap();
    let app = app(&world);
    answer(&world, 500);
    failing_for(&app, 14).await;
    assert_eq!(left(&app, young()).await.len(), 1);
    assert_eq!(health(&app).await.suspension, None);
    let since = health(&app).await.failing_since.unwrap();
    let healths = &app.forwarding.attempting.healths;
    healths.takes(&endpoint_key(), since).await.unwrap();
    failing_for(&app, 15).await;
    // The delivery whose attempt was the last straw is parked at once.
    let last = another(1);
    assert!(left(&app, last.clone()).await.is_empty());
    assert_eq!(record(&world, &last).await.attempts, 1);
    assert_eq!(parked(&app).await, [task(&last)["record"]["sk"].clone()]);
    let suspension = health(&app).await.suspension.unwrap();
    assert_eq!(suspension.reason, SuspensionReason::Failing);
    assert_eq!((suspension.lanes, suspension.stage), (32, Stage::Suspended));
    assert_eq!(healths.suspended().await.unwrap(), [endpoint_key()]);
}

#[tokio::test]
async fn a_success_resets_the_failing_time_and_a_failure_starts_it() {
    let world = HandlerWorld::start().await.unwrap();
    let app = app(&world);
    failing_for(&app, 60).await;
    assert!(left(&app, young()).await.is_empty());
    assert_eq!(health(&app).await.failing_since, None);
    answer(&world, 429);
    let before = Timestamp::now().as_millisecond();
    assert_eq!(left(&app, another(1)).await.len(), 1);
    let since = health(&app).await.failing_since.unwrap();
    assert!(since.as_millisecond() >= before);
    assert_eq!(left(&app, another(2)).await.len(), 1);
    assert_eq!(health(&app).await.failing_since, Some(since));
}

#[tokio::test]
async fn a_failing_endpoint_is_suspended_sooner_with_a_large_backlog() {
    let world = HandlerWorld::start().await.unwrap();
    let app = app(&world);
    let client = world.backends.sqs_client();
    let url = world.queue_url("DeliveryQueue").unwrap();
    let fill = futures::stream::iter(0..MOST_WAITING / 10).for_each_concurrent(8, async |number| {
        let entries = (0..10).map(|index| {
            SendMessageBatchRequestEntry::builder()
                .id(format!("{index}"))
                .message_body("x")
                .message_group_id(format!("{index}"))
                .message_deduplication_id(format!("{number}-{index}"))
                .build()
                .unwrap()
        });
        let entries: Vec<_> = entries.collect();
        let send = client
            .send_message_batch()
            .queue_url(&url)
            .set_entries(Some(entries));
        send.send_with(&client).await.unwrap();
    });
    answer(&world, 500);
    failing_for(&app, 1).await;
    assert_eq!(left(&app, young()).await.len(), 1);
    assert_eq!(health(&app).await.suspension, None);
    fill.await;
    // This instance has just read the queue's length; another instance reads it again.
    let app = crate::notification_forward::world::app(&world);
    assert!(left(&app, another(1)).await.is_empty());
    let suspension = health(&app).await.suspension.unwrap();
    assert_eq!(suspension.reason, SuspensionReason::Backlog);
}
