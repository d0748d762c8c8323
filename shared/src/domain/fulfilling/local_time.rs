//! Times that a warehouse writes without a time zone.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// The instant of a time such as `2022-01-10 12:04:14` in a time zone; `None` if it is not one. A time with an offset
/// (RFC 3339) is read too: it says which instant it is.
pub fn instant_of(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(instant) = text.parse() {
        return Some(instant);
    }
    let local = DateTime::strptime("%Y-%m-%d %H:%M:%S", text).ok()?;
    zone.to_timestamp(local).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::tz::offset;

    fn jakarta() -> TimeZone {
        TimeZone::fixed(offset(7))
    }

    #[test]
    fn a_time_is_read_in_the_zone() {
        for (text, instant) in [
            ("2022-01-10 12:04:14", "2022-01-10T05:04:14Z"),
            (" 2022-01-10 00:00:00 ", "2022-01-09T17:00:00Z"),
            ("2022-01-10T12:04:14Z", "2022-01-10T12:04:14Z"),
            ("2022-01-10 12:04:14+08:00", "2022-01-10T04:04:14Z"),
        ] {
            let read = instant_of(text, &jakarta());
            assert_eq!(read, Some(instant.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn what_is_not_a_time_is_not_guessed() {
        for text in [
            "",
            "2022-01-10",
            "2022-01-10 12:04",
            "10/01/2022 12:04:14",
            "2022-13-10 12:04:14",
            "2022-02-30 12:04:14",
            "0000-00-00 00:00:00",
            "2022-01-10 25:00:00",
            "yesterday",
            "20220110120414",
        ] {
            assert_eq!(instant_of(text, &jakarta()), None, "{text}");
        }
    }
}
