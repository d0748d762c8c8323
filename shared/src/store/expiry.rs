//! When items expire that are kept for so many days.

use jiff::Timestamp;

/// When something that came at `now` expires, if it does.
pub fn expiry(now: Timestamp, days: u32) -> Option<i64> {
    (days > 0).then(|| now.as_second() + i64::from(days) * 86_400)
}
