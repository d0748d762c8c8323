//! Slow endpoints: they are served from the parking place until they are quick again.

use std::time::Duration;

use jiff::Timestamp;
use local::sink::Behaviour;
use logistics::domain::health::{Stage, SuspensionReason};

use crate::notification_resume::world::{HOUR, Stalled, now};

/// Time for two looks at the lanes.
const SHORT: Duration = Duration::from_secs(24);

impl Stalled {
    /// Suspended as slow, and held until this many milliseconds from now.
    async fn slow_for(held: i64) -> Self {
        let stalled = Self::for_long(HOUR).await;
        let health = stalled.health().await;
        let mut suspension = health.suspension.unwrap();
        suspension.reason = SuspensionReason::Slow;
        suspension.held_until = Some(Timestamp::from_millisecond(now() + held).unwrap());
        let changed = stalled
            .healths
            .change(&stalled.endpoint, health.version, &suspension);
        assert!(changed.await.unwrap());
        stalled
    }
}

#[tokio::test]
async fn what_is_parked_during_a_run_is_delivered_in_the_same_run() {
    let stalled = Stalled::slow_for(HOUR).await;
    stalled.park(0, 1, now()).await;
    let park_more = async {
        stalled.world.sink.wait_for(1, SHORT).await.unwrap();
        stalled.park(0, 2, now()).await;
        stalled.park(3, 1, now()).await;
    };
    tokio::join!(stalled.run_for(SHORT), park_more);
    let mut received = stalled.received();
    received.sort();
    assert_eq!(received, ["0-1", "0-2", "3-1"]);
    // It accepted everything, and is held all the same: new messages are parked.
    assert!(
        matches!(stalled.stage().await, Some(Stage::Draining(draining)) if draining.parking.len() == 4)
    );
}

#[tokio::test]
async fn an_endpoint_that_is_quick_when_its_hold_ends_is_active_again() {
    let stalled = Stalled::slow_for(-1).await;
    stalled.park(0, 1, now()).await;
    stalled.run_for(SHORT).await;
    assert_eq!(stalled.received(), ["0-1"]);
    assert_eq!(stalled.stage().await, None);
}

#[tokio::test]
async fn an_endpoint_that_is_still_slow_gets_its_time_and_is_held_again() {
    let stalled = Stalled::slow_for(-1).await;
    for sequence in 1..=2 {
        stalled.park(0, sequence, now()).await;
    }
    stalled.answer(Behaviour {
        delay_ms: 3_100,
        ..Behaviour::default()
    });
    stalled.run_for(SHORT).await;
    assert_eq!(stalled.received(), ["0-1", "0-2"]);
    let suspension = stalled.health().await.suspension.unwrap();
    let held = suspension.held_until.unwrap().as_millisecond() - now();
    assert!((30_000..=60_000).contains(&held), "{held}");
}
