//! Shipway's time format: `YYYY-MM-DD HH:MM:SS` in Indian time, without an offset.

use jiff::{SignedDuration, Timestamp};

use crate::clock;

const AHEAD_OF_UTC: SignedDuration = SignedDuration::from_mins(330);

/// A time of the simulators' clock.
pub(super) fn of(time: &str) -> String {
    time.parse::<Timestamp>()
        .and_then(|time| time.checked_add(AHEAD_OF_UTC))
        .map_or_else(
            |_| String::new(),
            |time| time.strftime("%Y-%m-%d %H:%M:%S").to_string(),
        )
}

pub(super) fn now() -> String {
    of(&clock::now())
}
