//! Endpoints that take long to answer. If several attempts hang, the endpoint is suspended: its deliveries are parked and
//! sent from there, by a function in which nothing else waits.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// An attempt without an answer counts as a *hang* from here on.
pub const HANG_AFTER: Duration = Duration::from_secs(3);
/// An endpoint is suspended after this many hangs. One that was slow for a moment is not.
pub const MOST_HANGS: u32 = 3;
/// How long a slow endpoint stays suspended at least. Each time soon afterwards doubles it.
const FIRST_HOLD: Duration = Duration::from_mins(1);
const LONGEST_HOLD: Duration = Duration::from_hours(1);
/// An endpoint that was not slow for this long starts again with the first hold.
const FORGOTTEN_AFTER: Duration = Duration::from_hours(3);

/// How often an endpoint was suspended because it was slow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slowness {
    /// The number of times.
    pub times: u32,
    /// The latest time, in epoch milliseconds.
    pub at: i64,
}

/// Whether an attempt was slow, so that it must not be made where others wait.
pub fn is_slow(took: Duration) -> bool {
    took >= HANG_AFTER
}

/// Until when an endpoint is held that was still slow at `now`, although it is suspended.
pub fn held_again(now: Timestamp) -> Timestamp {
    now + FIRST_HOLD
}

impl Slowness {
    /// The history after a suspension at `now`.
    #[must_use]
    pub fn after(before: Option<Self>, now: Timestamp) -> Self {
        let at = now.as_millisecond();
        let forgotten_after = i64::try_from(FORGOTTEN_AFTER.as_millis()).unwrap_or(i64::MAX);
        let recent = before.filter(|before| at.saturating_sub(before.at) < forgotten_after);
        let times = recent.map_or(0, |recent| recent.times).saturating_add(1);
        Self { times, at }
    }

    /// How long the endpoint's deliveries are parked at least.
    pub fn hold(self) -> Duration {
        let doublings = self.times.saturating_sub(1).min(16);
        FIRST_HOLD.saturating_mul(1 << doublings).min(LONGEST_HOLD)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> Timestamp {
        Timestamp::from_second(60 * minutes).unwrap()
    }

    #[test]
    fn the_hold_doubles_up_to_an_hour_and_is_forgotten() {
        let mut slowness = None;
        let mut holds = Vec::new();
        for time in 0..9 {
            let next = Slowness::after(slowness, at(time));
            holds.push(next.hold().as_secs() / 60);
            slowness = Some(next);
        }
        assert_eq!(holds, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
        let later = Slowness::after(slowness, at(8 + 180));
        assert_eq!(later.hold(), FIRST_HOLD);
        let sooner = Slowness::after(slowness, at(8 + 179));
        assert_eq!(sooner.hold(), LONGEST_HOLD);
    }
}
