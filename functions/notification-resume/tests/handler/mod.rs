//! The handler, on real tables, with the client sink: parked deliveries and what happens to them.

mod configured;
mod corrections;
mod logged;
mod slow;
mod turns;
mod world;

use local::sink::{Behaviour, RetryAfter};
use logistics::domain::delivery::{AttemptEnd, DeliveryState};
use logistics::domain::endpoint::DisabledReason;
use logistics::domain::health::{Lane, Stage};

use crate::notification_resume::world::{HOUR, Stalled, now};

#[tokio::test]
async fn a_backlog_is_delivered_in_order_for_each_lane_and_the_endpoint_is_active_again() {
    let stalled = Stalled::for_long(HOUR).await;
    for sequence in 1..=60 {
        for lane in [0, 2, 3] {
            stalled.park(lane, sequence, now()).await;
        }
    }
    stalled.run().await;
    let received = stalled.received();
    assert_eq!(received.len(), 180);
    for lane in ["0-", "2-", "3-"] {
        let of_lane = received.iter().filter_map(|name| name.strip_prefix(lane));
        let of_lane: Vec<u32> = of_lane.map(|number| number.parse().unwrap()).collect();
        assert_eq!(of_lane, (1..=60).collect::<Vec<_>>());
    }
    assert_eq!(stalled.waiting().await, 0);
    let health = stalled.health().await;
    assert_eq!((health.suspension, health.failing_since), (None, None));
    assert!(stalled.healths.suspended().await.unwrap().is_empty());
}

#[tokio::test]
async fn the_oldest_delivery_is_the_probe_and_while_it_fails_nothing_else_is_sent() {
    let stalled = Stalled::for_long(HOUR).await;
    stalled.park(1, 1, now() - 1000).await;
    let oldest = stalled.park(3, 9, now() - 2000).await;
    stalled.park(3, 10, now()).await;
    stalled.refuse(503);
    stalled.run().await;
    assert_eq!(stalled.received(), ["3-9"]);
    let record = stalled.record(&oldest).await;
    assert_eq!((record.state, record.attempts), (DeliveryState::Pending, 1));
    assert_eq!(stalled.waiting().await, 3);
    assert_eq!(stalled.stage().await, Some(Stage::Suspended));
}

#[tokio::test]
async fn one_delivery_that_is_always_refused_does_not_keep_the_endpoint_suspended() {
    let stalled = Stalled::for_long(HOUR).await;
    let poison = stalled.park(0, 1, now() - 1000).await;
    stalled.park(1, 1, now()).await;
    stalled.answer(Behaviour {
        status: 422,
        fail_next: Some(1),
        ..Behaviour::default()
    });
    stalled.run().await;
    assert_eq!(stalled.stage().await, Some(Stage::Suspended));
    // The next probe uses another lane.
    stalled.world.sink.clear();
    stalled.answer(Behaviour::default());
    stalled.run().await;
    assert_eq!(stalled.received(), ["1-1", "0-1"]);
    assert_eq!(
        stalled.record(&poison).await.state,
        DeliveryState::Delivered
    );
    assert_eq!(stalled.stage().await, None);
}

#[tokio::test]
async fn lanes_open_while_another_one_is_blocked() {
    let stalled = Stalled::for_long(HOUR).await;
    stalled.park(0, 1, now() - 1000).await;
    stalled.run().await;
    stalled.suspend(HOUR).await;
    // The probe is accepted; of the next two deliveries one is refused.
    stalled.park(1, 2, now() - 1000).await;
    stalled.park(1, 3, now()).await;
    stalled.park(2, 2, now()).await;
    let health = stalled.health().await;
    let draining = health.suspension.unwrap().draining();
    let changed = stalled
        .healths
        .change(&stalled.endpoint, health.version, &draining);
    assert!(changed.await.unwrap());
    stalled.answer(Behaviour {
        status: 500,
        fail_next: Some(1),
        ..Behaviour::default()
    });
    stalled.run().await;
    let waiting = [
        stalled.parked.count(&stalled.lane(1)).await.unwrap(),
        stalled.parked.count(&stalled.lane(2)).await.unwrap(),
    ];
    let held_up = if waiting[0] > 0 { 1 } else { 2 };
    let health = stalled.health().await;
    for lane in 0..4 {
        let expected = if lane == held_up {
            Lane::Parking
        } else {
            Lane::Open
        };
        assert_eq!(health.lane(lane), expected, "{waiting:?}");
    }
}

#[tokio::test]
async fn an_endpoint_that_fails_again_while_it_is_drained_is_suspended_again() {
    let stalled = Stalled::for_long(HOUR).await;
    for lane in 0..4 {
        stalled.park(lane, 1, now()).await;
    }
    let health = stalled.health().await;
    let draining = health.suspension.unwrap().draining();
    let lifted = stalled
        .healths
        .lift(&stalled.endpoint, health.version, &draining, Vec::new());
    assert!(lifted.await.unwrap());
    stalled.refuse(503);
    stalled.run().await;
    let suspension = stalled.health().await.suspension.unwrap();
    assert_eq!(suspension.stage, Stage::Suspended);
    assert!(suspension.since.as_millisecond() > now() - HOUR / 2);
    assert_eq!(stalled.waiting().await, 4);
}

#[tokio::test]
async fn after_the_give_up_age_the_endpoint_is_disabled_and_parked_deliveries_are_failed_and_recoverable()
 {
    let stalled = Stalled::for_long(77 * HOUR).await;
    let probed = stalled.park(0, 1, now() - 1000).await;
    let other = stalled.park(1, 1, now()).await;
    stalled.refuse(503);
    stalled.run().await;
    assert_eq!(stalled.received(), ["0-1"]);
    for key in [&probed, &other] {
        let record = stalled.record(key).await;
        let latest = record.latest().unwrap().end;
        assert_eq!(
            (record.state, latest),
            (DeliveryState::Failed, AttemptEnd::Disabled)
        );
    }
    let endpoint = stalled.configuration().await;
    assert!(!endpoint.enabled);
    assert_eq!(endpoint.disabled.unwrap().reason, DisabledReason::Failing);
    assert_eq!(stalled.waiting().await, 0);
    assert_eq!(stalled.stage().await, None);
}

#[tokio::test]
async fn the_backlog_of_a_gone_endpoint_is_given_up() {
    let stalled = Stalled::for_long(HOUR).await;
    let keys = [
        stalled.park(0, 1, now() - 1).await,
        stalled.park(0, 2, now()).await,
    ];
    stalled.refuse(410);
    stalled.run().await;
    assert_eq!(stalled.received(), ["0-1"]);
    for key in &keys {
        assert_eq!(stalled.record(key).await.state, DeliveryState::Failed);
    }
    assert_eq!(stalled.waiting().await, 0);
}

#[tokio::test]
async fn a_long_retry_after_delays_the_probe() {
    let stalled = Stalled::for_long(HOUR).await;
    stalled.park(0, 1, now()).await;
    stalled.answer(Behaviour {
        status: 429,
        retry_after: Some(RetryAfter::Seconds(600)),
        ..Behaviour::default()
    });
    stalled.run().await;
    stalled.run().await;
    assert_eq!(stalled.received(), ["0-1"]);
    let not_before = stalled
        .health()
        .await
        .suspension
        .unwrap()
        .not_before
        .unwrap();
    let wait = not_before.as_millisecond() - now();
    assert!((500_000..=600_000).contains(&wait), "{wait}");
}
