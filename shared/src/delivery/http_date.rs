//! HTTP dates (RFC 9110, 5.6.7) in all three forms that a recipient must accept. `httpdate` parses them; this module
//! adds the one rule in which it differs from the standard: the century of a two-digit year.

use std::time::SystemTime;

use jiff::Timestamp;
use jiff::tz::Offset;

/// Parses a date; `None` if its weekday is wrong. `now` determines the century of a two-digit year.
pub(crate) fn parse(value: &str, now: Timestamp) -> Option<SystemTime> {
    let date = with_century(value, now);
    httpdate::parse_http_date(date.as_deref().unwrap_or(value)).ok()
}

/// Converts `Sunday, 06-Nov-94 08:49:37 GMT`, the form of RFC 850, to `Sun, 06 Nov 1994 08:49:37 GMT`; `None` for any
/// other form.
///
/// A year that appears to be more than 50 years in the future is the most recent past year with these digits.
/// `httpdate` always reads 70 to 99 as years of the last century.
fn with_century(value: &str, now: Timestamp) -> Option<String> {
    let (weekday, date) = value.trim().split_once(", ")?;
    let (day, rest) = date.split_once('-')?;
    let (month, rest) = rest.split_once('-')?;
    let (year, time) = rest.split_once(' ')?;
    let weekday = WEEKDAYS.iter().find(|name| **name == weekday)?.get(..3)?;
    if year.len() != 2 || !year.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let horizon = Offset::UTC.to_datetime(now).year().saturating_add(50);
    let year = horizon - (horizon - year.parse::<i16>().ok()?).rem_euclid(100);
    Some(format!("{weekday}, {day} {month} {year:04} {time}"))
}

const WEEKDAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-11-21T07:28:00Z".parse().unwrap()
    }

    fn parsed(value: &str) -> Option<String> {
        let date = parse(value, now())?;
        Some(Timestamp::try_from(date).unwrap().to_string())
    }

    #[test]
    fn the_three_forms_of_the_standard_mean_the_same_time() {
        for value in [
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
        ] {
            assert_eq!(parsed(value).unwrap(), "1994-11-06T08:49:37Z", "{value}");
        }
    }

    #[test]
    fn a_two_digit_year_is_at_most_fifty_years_ahead() {
        for (value, year) in [
            ("Saturday, 21-Nov-76 07:28:00 GMT", "2076"),
            ("Monday, 21-Nov-77 07:28:00 GMT", "1977"),
            ("Sunday, 21-Nov-99 07:28:00 GMT", "1999"),
            ("Tuesday, 21-Nov-00 07:28:00 GMT", "2000"),
        ] {
            assert!(
                parsed(value).unwrap().starts_with(year),
                "{value}: {:?}",
                parsed(value)
            );
        }
    }

    #[test]
    fn dates_after_the_end_of_the_calendar_are_rejected() {
        let last = parse("Fri, 31 Dec 9999 23:59:59 GMT", now()).unwrap();
        let seconds = last.duration_since(SystemTime::UNIX_EPOCH).unwrap();
        assert_eq!(seconds.as_secs(), 253_402_300_799);
        assert_eq!(parsed("Sat, 01 Jan 10000 00:00:00 GMT"), None);
        assert_eq!(parsed("Sun, 06 Nov 1994 08:49:37 CET"), None);
        assert_eq!(parsed(""), None);
    }

    #[test]
    fn a_date_with_the_wrong_weekday_is_rejected() {
        for value in [
            "Mon, 06 Nov 1994 08:49:37 GMT",
            "Monday, 06-Nov-94 08:49:37 GMT",
            "Mon Nov  6 08:49:37 1994",
        ] {
            assert_eq!(parsed(value), None, "{value}");
        }
    }
}
