//! Dates as HTTP writes them (RFC 9110, 5.6.7): all three forms, which a recipient has to read. `httpdate` reads them;
//! here stands the rule in which it differs from the standard, the century of a year of two digits.

use std::time::SystemTime;

use jiff::Timestamp;
use jiff::tz::Offset;

/// Reads a date; one whose weekday is wrong is none. `now` tells which century a year of two digits means.
pub(crate) fn parse(value: &str, now: Timestamp) -> Option<SystemTime> {
    let date = with_century(value, now);
    httpdate::parse_http_date(date.as_deref().unwrap_or(value)).ok()
}

/// `Sunday, 06-Nov-94 08:49:37 GMT`, the form of RFC 850, as `Sun, 06 Nov 1994 08:49:37 GMT`; `None` if it has another
/// form.
///
/// A year that seems more than 50 years away in the future is the last one with these digits; `httpdate` takes 70 to 99
/// for years of the last century whenever it is asked.
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
    fn the_three_forms_of_the_standard_are_one_instant() {
        for value in [
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
        ] {
            assert_eq!(parsed(value).unwrap(), "1994-11-06T08:49:37Z", "{value}");
        }
    }

    #[test]
    fn a_year_of_two_digits_is_at_most_fifty_years_away() {
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
    fn the_end_of_the_calendar_is_a_date_and_beyond_it_is_none() {
        let last = parse("Fri, 31 Dec 9999 23:59:59 GMT", now()).unwrap();
        let seconds = last.duration_since(SystemTime::UNIX_EPOCH).unwrap();
        assert_eq!(seconds.as_secs(), 253_402_300_799);
        assert_eq!(parsed("Sat, 01 Jan 10000 00:00:00 GMT"), None);
        assert_eq!(parsed("Sun, 06 Nov 1994 08:49:37 CET"), None);
        assert_eq!(parsed(""), None);
    }

    #[test]
    fn a_date_on_another_weekday_is_none() {
        for value in [
            "Mon, 06 Nov 1994 08:49:37 GMT",
            "Monday, 06-Nov-94 08:49:37 GMT",
            "Mon Nov  6 08:49:37 1994",
        ] {
            assert_eq!(parsed(value), None, "{value}");
        }
    }
}
