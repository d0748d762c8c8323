//! Endpoints that take long to answer, and messages that wait meanwhile.

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use local::handler_world::HandlerWorld;
use local::sink::Behaviour;
use logistics::domain::delivery::{AttemptEnd, DeliveryState};
use logistics::domain::health::{Stage, SuspensionReason};
use logistics::domain::slowness::MOST_HANGS;
use notification_forward::App;
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use crate::notification_forward::suspended::{endpoint_key, health, parked, suspended};
use crate::notification_forward::world::{another, app, left, left_after, record};

/// Longer than an attempt may take until it counts as a hang.
const LATE: Duration = Duration::from_millis(3_300);

fn answer_after(world: &HandlerWorld, delay: Duration) {
    let behaviour = Behaviour {
        delay_ms: u64::try_from(delay.as_millis()).unwrap(),
        ..Behaviour::default()
    };
    world.sink.behave(behaviour).unwrap();
}

/// A message in a lane of its own.
fn in_lane(lane: u32) -> Value {
    let mut event = another(lane);
    let record = &mut event["Records"][0];
    record["attributes"]["MessageGroupId"] = json!(format!("demo:demo-sink:{lane}"));
    record["messageId"] = json!(format!("in-{lane}"));
    event
}

/// Messages in as many lanes.
fn in_lanes(count: u32) -> Value {
    let mut batch = in_lane(1);
    for lane in 2..=count {
        let message = in_lane(lane)["Records"][0].clone();
        batch["Records"].as_array_mut().unwrap().push(message);
    }
    batch
}

async fn hang(app: &App, times: u32) {
    let healths = &app.forwarding.attempting.healths;
    for _ in 0..times {
        let now = Timestamp::now();
        healths.hangs(&endpoint_key(), now).await.unwrap();
    }
}

#[tokio::test]
async fn an_endpoint_that_is_slow_in_several_lanes_is_suspended_and_its_answers_still_count() {
    let world = HandlerWorld::start().await.unwrap();
    answer_after(&world, LATE);
    let app = app(&world);
    assert!(left(&app, in_lanes(4)).await.is_empty());
    assert_eq!(world.sink.received().len(), 4);
    for lane in 1..=4 {
        let record = record(&world, &in_lane(lane)).await;
        assert_eq!(
            (record.state, record.attempts),
            (DeliveryState::Delivered, 1)
        );
    }
    let health = health(&app).await;
    let suspension = health.suspension.unwrap();
    assert_eq!(
        (suspension.reason, &suspension.stage),
        (SuspensionReason::Slow, &Stage::Suspended)
    );
    let held = suspension
        .held_until
        .unwrap()
        .duration_since(suspension.since);
    assert_eq!(held, SignedDuration::from_mins(1));
    assert_eq!(health.slowness.unwrap().times, 1);
    // Its next message is parked.
    assert!(left(&app, in_lane(5)).await.is_empty());
    assert_eq!(world.sink.received().len(), 4);
}

#[tokio::test]
async fn an_endpoint_that_takes_long_once_is_not_suspended() {
    let world = HandlerWorld::start().await.unwrap();
    answer_after(&world, LATE);
    let app = app(&world);
    assert!(left(&app, in_lanes(2)).await.is_empty());
    let health = health(&app).await;
    assert_eq!((health.suspension, health.hangs), (None, 0));
}

#[tokio::test]
async fn each_accepted_delivery_takes_off_one_hang() {
    let world = HandlerWorld::start().await.unwrap();
    let app = app(&world);
    hang(&app, 2).await;
    for (number, hangs) in [(1, 1), (2, 0), (3, 0)] {
        assert!(left(&app, another(number)).await.is_empty());
        let health = health(&app).await;
        assert_eq!((health.hangs, health.failing_since), (hangs, None));
    }
}

#[tokio::test]
async fn an_endpoint_that_answers_now_and_then_is_suspended_all_the_same() {
    let world = HandlerWorld::start().await.unwrap();
    let app = app(&world);
    hang(&app, MOST_HANGS - 1).await;
    assert!(left(&app, another(1)).await.is_empty());
    hang(&app, 1).await;
    answer_after(&world, LATE);
    assert!(left(&app, in_lane(2)).await.is_empty());
    let suspension = health(&app).await.suspension.unwrap();
    assert_eq!(suspension.reason, SuspensionReason::Slow);
}

#[tokio::test]
async fn an_endpoint_that_is_slow_again_is_held_for_longer() {
    let world = HandlerWorld::start().await.unwrap();
    answer_after(&world, LATE);
    let app = app(&world);
    let healths = &app.forwarding.attempting.healths;
    for (lane, minutes) in [(1, 1), (2, 2), (3, 4)] {
        hang(&app, MOST_HANGS - 1).await;
        assert!(left(&app, in_lane(lane)).await.is_empty());
        let health = health(&app).await;
        let suspension = health.suspension.unwrap();
        let held = suspension
            .held_until
            .unwrap()
            .duration_since(suspension.since);
        assert_eq!(held, SignedDuration::from_mins(minutes));
        let ended = healths.end(&endpoint_key(), health.version).await;
        assert!(ended.unwrap());
    }
}

#[tokio::test]
async fn an_attempt_ends_before_its_invocation_and_counts_as_a_hang() {
    let world = HandlerWorld::start().await.unwrap();
    answer_after(&world, Duration::from_mins(1));
    let app = app(&world);
    let began = Instant::now();
    assert_eq!(
        left_after(&app, in_lane(1), Duration::from_secs(6))
            .await
            .len(),
        1
    );
    assert!(
        began.elapsed() < Duration::from_secs(6),
        "{:?}",
        began.elapsed()
    );
    let record = record(&world, &in_lane(1)).await;
    let latest = record.latest().unwrap();
    assert_eq!(
        (record.state, latest.end),
        (DeliveryState::Pending, AttemptEnd::NoAnswer)
    );
    assert_eq!(health(&app).await.hangs, 1);
    // So what remains of another invocation is too short for it.
    let attempts = world.sink.received().len();
    assert_eq!(
        left_after(&app, in_lane(2), Duration::from_secs(6))
            .await
            .len(),
        1
    );
    assert_eq!(world.sink.received().len(), attempts);
}

#[tokio::test]
async fn an_attempt_that_hangs_until_others_have_suspended_the_endpoint_parks_its_delivery() {
    let world = HandlerWorld::start().await.unwrap();
    let behaviour = Behaviour {
        status: 503,
        delay_ms: u64::try_from((LATE + LATE).as_millis()).unwrap(),
        ..Behaviour::default()
    };
    world.sink.behave(behaviour).unwrap();
    let (app, others) = (app(&world), app(&world));
    // Only after this instance has counted the hang: then it learns of the suspension at the end of the attempt.
    let hang = async {
        while health(&others).await.hangs == 0 {
            sleep(Duration::from_millis(20)).await;
        }
    };
    let suspend = async {
        timeout(LATE + LATE, hang).await.unwrap();
        suspended(&others, Stage::Suspended).await;
    };
    let (left, ()) = tokio::join!(left(&app, another(1)), suspend);
    assert!(left.is_empty());
    assert_eq!(parked(&app).await.len(), 1);
}
