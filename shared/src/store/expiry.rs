//! Expiry of items that are kept for a number of days.

use jiff::Timestamp;

/// The expiry of an item that is created at `now`; `None` if it is kept forever.
pub fn expiry(now: Timestamp, days: u32) -> Option<i64> {
    (days > 0).then(|| now.as_second() + i64::from(days) * 86_400)
}
