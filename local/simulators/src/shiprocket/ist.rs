//! Indian Standard Time: Shiprocket writes all times in it, without an offset.

use jiff::civil::DateTime;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

/// `2025-01-31 13:45:30`
pub(super) fn date_and_time(at: Timestamp) -> String {
    in_india(at).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// `31 01 2025 13:45:30`, as in the newer webhook.
pub(super) fn day_first(at: Timestamp) -> String {
    in_india(at).strftime("%d %m %Y %H:%M:%S").to_string()
}

/// `Jan 31, 2025`
pub(super) fn month_and_day(at: Timestamp) -> String {
    in_india(at).strftime("%b %d, %Y").to_string()
}

/// `31 Jan 2025, 01:45 PM`, as in the lists of orders.
pub(super) fn for_reading(at: Timestamp) -> String {
    in_india(at).strftime("%-d %b %Y, %I:%M %p").to_string()
}

/// A step's time, which the journey stores as RFC 3339.
pub(super) fn of_step(time: &str) -> Timestamp {
    time.parse().unwrap_or_default()
}

/// India's offset is 5:30 h all year.
fn in_india(at: Timestamp) -> DateTime {
    let five_hours_ahead = Offset::constant(5).to_datetime(at);
    five_hours_ahead.saturating_add(SignedDuration::from_mins(30))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn india_is_half_an_hour_past_the_zones_of_others() {
        let at = of_step("2025-01-31T20:15:30.250Z");
        assert_eq!(date_and_time(at), "2025-02-01 01:45:30");
        assert_eq!(day_first(at), "01 02 2025 01:45:30");
        assert_eq!(month_and_day(at), "Feb 01, 2025");
        assert_eq!(for_reading(at), "1 Feb 2025, 01:45 AM");
    }
}
