//! Runs: which one works, what it finds half done, and when it stops.

use std::time::Duration;

use aws_sdk_dynamodb::types::{AttributeAction, AttributeValue, AttributeValueUpdate};
use jiff::Timestamp;
use local::backends::BackendOptions;
use local::handler_world::HandlerWorld;
use logistics::domain::delivery::DeliveryRecord;
use logistics::domain::health::{Draining, Stage};
use logistics::store::delivering::parked::{Parked, ParkedDelivery};

use crate::notification_resume::world::{HOUR, Stalled, now};

#[tokio::test]
async fn only_one_of_two_concurrent_runs_works_on_an_endpoint() {
    let stalled = Stalled::for_long(HOUR).await;
    for sequence in 1..=20 {
        stalled.park(0, sequence, now()).await;
    }
    tokio::join!(stalled.run(), stalled.run(), stalled.run());
    let names: Vec<String> = (1..=20).map(|sequence| format!("0-{sequence}")).collect();
    assert_eq!(stalled.received(), names);
}

#[tokio::test]
async fn a_delivery_recorded_before_its_removal_is_not_sent_again() {
    let stalled = Stalled::for_long(HOUR).await;
    let accepted_at = now();
    let record = stalled.park(0, 1, accepted_at).await;
    stalled.run().await;
    assert_eq!(stalled.received(), ["0-1"]);
    stalled.suspend(HOUR).await;
    let left_over = Parked {
        key: stalled.lane(0).place("1"),
        delivery: ParkedDelivery::new(&record, accepted_at, 0, false),
    };
    stalled.parked.put(&left_over).await.unwrap();
    stalled.park(0, 2, now()).await;
    stalled.run().await;
    assert_eq!(stalled.received(), ["0-1", "0-2"]);
    assert_eq!(stalled.waiting().await, 0);
}

#[tokio::test]
async fn a_run_that_crashed_while_a_lane_was_closing_is_continued() {
    let stalled = Stalled::for_long(HOUR).await;
    stalled.park(1, 1, now()).await;
    let health = stalled.health().await;
    let mut suspension = health.suspension.unwrap();
    suspension.stage = Stage::Draining(Draining {
        parking: [].into(),
        closing: [0, 1].into(),
    });
    let changed = stalled
        .healths
        .change(&stalled.endpoint, health.version, &suspension);
    assert!(changed.await.unwrap());
    stalled.run().await;
    let Some(Stage::Draining(draining)) = stalled.stage().await else {
        panic!("something is left in lane 1")
    };
    assert_eq!(draining.parking, [1].into());
    stalled.run().await;
    assert_eq!(stalled.received(), ["1-1"]);
    assert_eq!(stalled.stage().await, None);
}

#[tokio::test]
async fn a_delivery_that_crashes_the_function_goes_to_the_dead_letter_queue() {
    let stalled = Stalled::for_long(HOUR).await;
    let crashing = stalled.park(0, 1, now()).await;
    stalled.park(0, 2, now()).await;
    let deliveries = stalled.app().resumer.attempting.deliveries;
    let begun = DeliveryRecord {
        begun: 5,
        ..DeliveryRecord::new(None)
    };
    assert!(deliveries.put(&crashing, &begun, 0).await.unwrap());
    // The last lease was never returned, and it has expired.
    let then = Timestamp::from_millisecond(now() - HOUR).unwrap();
    let lease = stalled.healths.lease(&stalled.endpoint, then, then).await;
    assert!(lease.unwrap().is_some());
    stalled.run().await;
    assert_eq!(stalled.received(), ["0-2"]);
    let letters = stalled.world.queue_url("DeliveryDeadLetterQueue").unwrap();
    let buried = stalled
        .world
        .backends
        .sqs_client()
        .receive_message()
        .queue_url(letters)
        .message_attribute_names("All")
        .send()
        .await
        .unwrap();
    let letter = &buried.messages()[0];
    assert!(letter.body().unwrap().contains(&crashing.delivery_id()));
    let lane = &letter.message_attributes().unwrap()["lane"];
    assert_eq!(lane.string_value(), Some("demo:demo-sink:0"));
}

#[tokio::test]
async fn no_attempt_begins_without_enough_time() {
    let stalled = Stalled::for_long(HOUR).await;
    stalled.park(0, 1, now()).await;
    stalled.run_for(Duration::from_secs(19)).await;
    assert!(stalled.received().is_empty());
    assert_eq!(stalled.waiting().await, 1);
}

#[tokio::test]
async fn a_probe_of_many_lanes_reads_few_of_them() {
    let counting = BackendOptions {
        count_calls: true,
        ..BackendOptions::default()
    };
    let world = HandlerWorld::start_on(counting).await.unwrap();
    let stalled = Stalled::of(world, HOUR, 256).await;
    stalled.park(17, 1, now()).await;
    stalled.park(200, 1, now() - 1000).await;
    stalled.refuse(503);
    let queries = || {
        let calls = stalled.world.backends.calls();
        calls
            .get("DynamoDB_20120810.Query")
            .copied()
            .unwrap_or_default()
    };
    let before = queries();
    stalled.run().await;
    assert_eq!(stalled.received(), ["200-1"]);
    // Of the suspended endpoints, of the oldest deliveries, and of the probed lane.
    assert_eq!(queries() - before, 3);
    stalled.run().await;
    assert_eq!(stalled.received(), ["200-1", "17-1"]);
}

#[tokio::test]
async fn what_an_earlier_version_parked_is_probed_and_delivered() {
    let stalled = Stalled::for_long(HOUR).await;
    stalled.park(3, 1, now()).await;
    let of_index = AttributeValueUpdate::builder().action(AttributeAction::Delete);
    let key = stalled.lane(3).place("1");
    let table = stalled.world.table("ParkedDeliveriesTable").unwrap();
    let change = stalled.world.backends.dynamodb_client().update_item();
    let change = change
        .table_name(table)
        .key("pk", AttributeValue::S(key.pk))
        .key("sk", AttributeValue::S(key.sk))
        .attribute_updates("parkedOf", of_index.build());
    change
        .send_with(&stalled.world.backends.dynamodb_client())
        .await
        .unwrap();
    stalled.run().await;
    assert_eq!(stalled.received(), ["3-1"]);
    assert_eq!(stalled.stage().await, None);
}
