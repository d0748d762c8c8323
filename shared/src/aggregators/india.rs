//! Shared code for Indian aggregators: local times.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;

/// Indian Standard Time; India has no daylight saving.
pub const IST_SECONDS: i32 = 5 * 3600 + 30 * 60;

/// The Indian local time of an instant.
pub fn wall_time(instant: Timestamp) -> DateTime {
    let offset = Offset::from_seconds(IST_SECONDS).unwrap_or(Offset::UTC);
    offset.to_datetime(instant)
}

/// The Indian date of an instant.
pub fn day(instant: Timestamp) -> Date {
    wall_time(instant).date()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_indian_day_begins_five_and_a_half_hours_before_that_of_utc() {
        let evening: Timestamp = "2026-11-27T20:30:00Z".parse().unwrap();
        assert_eq!(wall_time(evening).to_string(), "2026-11-28T02:00:00");
        assert_eq!(day(evening).to_string(), "2026-11-28");
        let noon: Timestamp = "2026-11-27T18:29:59Z".parse().unwrap();
        assert_eq!(day(noon).to_string(), "2026-11-27");
    }
}
