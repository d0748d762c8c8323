//! The health of an endpoint: it is active, or it is suspended and its deliveries are parked.
//!
//! A suspended endpoint is probed. When it accepts a delivery, its backlog is drained lane by lane, and a lane with an
//! empty backlog is opened again. Between these a lane is closing: for a moment nothing may be parked in it, so that it
//! is not found empty while a delivery is being parked.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::slowness::{MOST_HANGS, Slowness};

/// The state of an endpoint apart from its configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Health {
    /// Incremented by each change of the suspension, so that each change is based on the state for which it was
    /// decided.
    pub version: u64,
    /// Since when all known attempts have failed; absent while it accepts deliveries.
    pub failing_since: Option<Timestamp>,
    /// Attempts that hang or hung, less those that were accepted.
    pub hangs: u32,
    /// How often it was suspended because it was slow; absent if never.
    pub slowness: Option<Slowness>,
    /// Absent while deliveries are sent as they arrive.
    pub suspension: Option<Suspension>,
}

/// A suspension: deliveries of the endpoint are parked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suspension {
    /// When it began.
    pub since: Timestamp,
    /// The reason.
    pub reason: SuspensionReason,
    /// The endpoint's number of lanes.
    pub lanes: u16,
    /// Until when the endpoint asked us to wait.
    pub not_before: Option<Timestamp>,
    /// Until when deliveries are parked even if the endpoint accepts them, because it is slow.
    pub held_until: Option<Timestamp>,
    /// Its stage.
    pub stage: Stage,
}

/// Why an endpoint is suspended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::Display)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum SuspensionReason {
    /// It failed for too long.
    Failing,
    /// It fails, and too many deliveries are waiting.
    Backlog,
    /// It takes too long to answer.
    Slow,
}

/// The stage of a suspension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// The endpoint fails: it is probed.
    Suspended,
    /// It has recovered: parked deliveries are sent.
    Draining(Draining),
}

/// The lanes that are not open yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draining {
    /// New deliveries of these lanes are parked after the existing ones.
    pub parking: BTreeSet<u16>,
    /// These were found empty. Until this is certain, nothing is parked or delivered in them.
    pub closing: BTreeSet<u16>,
}

/// What happens to a new delivery in a lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// It is attempted.
    Open,
    /// It is parked.
    Parking,
    /// It waits briefly.
    Closing,
}

/// A failing endpoint is suspended after this time.
const SUSPENDED_AFTER: Duration = Duration::from_mins(15);
/// The same if too many deliveries are waiting; a restart takes less time.
const SUSPENDED_WITH_BACKLOG_AFTER: Duration = Duration::from_mins(1);
/// The maximum backlog of the delivery queue. A FIFO queue looks for free groups only among its first 120,000 messages.
pub const MOST_WAITING: u64 = 10_000;

impl Health {
    /// What happens to a new delivery in this lane.
    pub fn lane(&self, lane: u16) -> Lane {
        let Some(suspension) = &self.suspension else {
            return Lane::Open;
        };
        match &suspension.stage {
            Stage::Suspended => Lane::Parking,
            Stage::Draining(draining) if draining.parking.contains(&lane) => Lane::Parking,
            Stage::Draining(draining) if draining.closing.contains(&lane) => Lane::Closing,
            Stage::Draining(_) => Lane::Open,
        }
    }

    /// The lane in which deliveries of this lane are parked. It is the same, unless the endpoint was removed and
    /// created again with fewer lanes while deliveries were waiting.
    pub fn lane_number(&self, lane: u16) -> u16 {
        let lanes = self.suspension.as_ref().map(|suspension| suspension.lanes);
        lanes
            .and_then(|lanes| lane.checked_rem(lanes))
            .unwrap_or(lane)
    }

    /// Whether all its deliveries are parked.
    pub fn is_suspended(&self) -> bool {
        let suspension = self.suspension.as_ref();
        suspension.is_some_and(|suspension| suspension.stage == Stage::Suspended)
    }

    /// How long the endpoint has been failing.
    pub fn failing_for(&self, now: Timestamp) -> Duration {
        let since = self.failing_since.unwrap_or(now);
        Duration::try_from(now.duration_since(since)).unwrap_or_default()
    }

    /// Whether it has been failing for long enough that the backlog matters.
    pub fn may_have_a_backlog(&self, now: Timestamp) -> bool {
        self.failing_for(now) >= SUSPENDED_WITH_BACKLOG_AFTER
    }

    /// The suspension that begins now.
    pub fn suspension(&self, now: Timestamp, reason: SuspensionReason, lanes: u16) -> Suspension {
        let mut suspension = Suspension::new(now, reason, lanes);
        let slowness = self.slowness_with(&suspension);
        suspension.held_until = slowness.map(|slowness| now + slowness.hold());
        suspension
    }

    /// How often the endpoint was slow, this suspension included; `None` if that is not its reason.
    pub fn slowness_with(&self, suspension: &Suspension) -> Option<Slowness> {
        let is_slow = suspension.reason == SuspensionReason::Slow;
        is_slow.then(|| Slowness::after(self.slowness, suspension.since))
    }

    /// The reason to suspend an endpoint that has just failed again, if there is one; `waiting` is the length of the
    /// queue, if known.
    pub fn reason_to_suspend(
        &self,
        now: Timestamp,
        waiting: Option<u64>,
    ) -> Option<SuspensionReason> {
        if self.is_suspended() {
            None
        } else if self.hangs >= MOST_HANGS {
            Some(SuspensionReason::Slow)
        } else if self.failing_for(now) >= SUSPENDED_AFTER {
            Some(SuspensionReason::Failing)
        } else if self.may_have_a_backlog(now) && waiting >= Some(MOST_WAITING) {
            Some(SuspensionReason::Backlog)
        } else {
            None
        }
    }
}

impl Suspension {
    /// A new suspension.
    pub fn new(since: Timestamp, reason: SuspensionReason, lanes: u16) -> Self {
        Self {
            since,
            reason,
            lanes: lanes.max(1),
            not_before: None,
            held_until: None,
            stage: Stage::Suspended,
        }
    }

    /// Whether deliveries are still parked even if the endpoint accepts them.
    pub fn is_held(&self, now: Timestamp) -> bool {
        self.held_until.is_some_and(|until| now < until)
    }

    /// The endpoint accepted a delivery: drain all its lanes.
    #[must_use]
    pub fn draining(self) -> Self {
        let parking = (0..self.lanes).collect();
        let closing = BTreeSet::new();
        Self {
            not_before: None,
            stage: Stage::Draining(Draining { parking, closing }),
            ..self
        }
    }

    /// The endpoint failed again: restart the suspension.
    #[must_use]
    pub fn suspended_again(self, now: Timestamp, not_before: Option<Timestamp>) -> Self {
        Self {
            since: now,
            not_before,
            stage: Stage::Suspended,
            ..self
        }
    }

    /// The age of the suspension.
    pub fn age(&self, now: Timestamp) -> Duration {
        Duration::try_from(now.duration_since(self.since)).unwrap_or_default()
    }
}

impl Draining {
    /// Marks empty lanes as closing.
    #[must_use]
    pub fn closing(mut self, empty: &BTreeSet<u16>) -> Self {
        self.parking.retain(|lane| !empty.contains(lane));
        self.closing.extend(empty);
        self
    }

    /// Opens the closing lanes, except those with remaining deliveries.
    #[must_use]
    pub fn closed(mut self, left: &BTreeSet<u16>) -> Self {
        self.parking.extend(self.closing.intersection(left));
        self.closing.clear();
        self
    }

    /// Whether all lanes are open.
    pub fn is_over(&self) -> bool {
        self.parking.is_empty() && self.closing.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(minutes: i64) -> Timestamp {
        Timestamp::from_second(60 * minutes).unwrap()
    }

    fn failing() -> Health {
        Health {
            failing_since: Some(at(0)),
            ..Health::default()
        }
    }

    fn suspended(lanes: u16) -> Suspension {
        Suspension::new(at(0), SuspensionReason::Failing, lanes)
    }

    fn draining(suspension: Suspension) -> Draining {
        match suspension.draining().stage {
            Stage::Draining(draining) => draining,
            Stage::Suspended => panic!("not draining"),
        }
    }

    fn health(stage: Stage) -> Health {
        Health {
            suspension: Some(Suspension {
                stage,
                ..suspended(3)
            }),
            ..Health::default()
        }
    }

    fn lanes(health: &Health) -> [Lane; 3] {
        [0, 1, 2].map(|lane| health.lane(lane))
    }

    #[test]
    fn an_endpoint_is_suspended_after_15_minutes_of_failures() {
        let reason = |minutes| failing().reason_to_suspend(at(minutes), None);
        assert_eq!(reason(14), None);
        assert_eq!(reason(15), Some(SuspensionReason::Failing));
        let healthy = Health::default();
        assert_eq!(healthy.reason_to_suspend(at(15), Some(u64::MAX)), None);
    }

    #[test]
    fn a_backlog_suspends_earlier_but_not_at_the_first_failure() {
        let reason = |minutes, waiting| failing().reason_to_suspend(at(minutes), Some(waiting));
        assert_eq!(reason(0, MOST_WAITING), None);
        assert_eq!(reason(1, MOST_WAITING - 1), None);
        assert_eq!(reason(1, MOST_WAITING), Some(SuspensionReason::Backlog));
    }

    #[test]
    fn nothing_is_parked_in_a_lane_that_the_endpoint_does_not_have() {
        let health = health(Stage::Suspended);
        assert_eq!([2, 3, 31].map(|lane| health.lane_number(lane)), [2, 0, 1]);
        assert_eq!(Health::default().lane_number(31), 31);
    }

    #[test]
    fn lanes_open_one_by_one_and_only_if_certainly_empty() {
        let all = draining(suspended(3));
        assert_eq!(lanes(&health(Stage::Suspended)), [Lane::Parking; 3]);
        assert_eq!(
            lanes(&health(Stage::Draining(all.clone()))),
            [Lane::Parking; 3]
        );
        let closing = all.closing(&[0, 2].into());
        let stage = Stage::Draining(closing.clone());
        assert_eq!(
            lanes(&health(stage)),
            [Lane::Closing, Lane::Parking, Lane::Closing]
        );
        let closed = closing.closed(&[2].into());
        assert!(!closed.is_over());
        let stage = Stage::Draining(closed.clone());
        assert_eq!(
            lanes(&health(stage)),
            [Lane::Open, Lane::Parking, Lane::Parking]
        );
        assert!(closed.closing(&[1, 2].into()).closed(&[].into()).is_over());
    }

    proptest! {
        #[test]
        fn no_lane_is_lost_on_the_way(
            empty in proptest::collection::btree_set(0_u16..8, 0..8),
            left in proptest::collection::btree_set(0_u16..8, 0..8),
        ) {
            let closing = draining(suspended(8)).closing(&empty);
            let everything: BTreeSet<u16> = closing.parking.union(&closing.closing).copied().collect();
            prop_assert_eq!(everything, (0..8).collect::<BTreeSet<u16>>());
            let closed = closing.closed(&left);
            for lane in 0..8 {
                let is_open = empty.contains(&lane) && !left.contains(&lane);
                prop_assert_eq!(closed.parking.contains(&lane), !is_open);
            }
        }
    }
}
