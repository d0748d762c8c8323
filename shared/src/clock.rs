//! The only place that reads the time of day.

use std::time::Duration;

use jiff::Timestamp;

/// The current time.
pub fn now() -> Timestamp {
    Timestamp::now()
}

/// The time left until a deadline, which is in milliseconds since the epoch, as Lambda says it.
pub fn left_until(deadline: u64) -> Duration {
    let now = u64::try_from(now().as_millisecond()).unwrap_or(u64::MAX);
    Duration::from_millis(deadline.saturating_sub(now))
}
