//! Dates as HTTP writes them (RFC 9110, 5.6.7): all three forms, which a recipient has to read.

use jiff::civil::DateTime;
use jiff::tz::Offset;
use jiff::{Span, Timestamp};

/// `Sun, 06 Nov 1994 08:49:37 GMT`, the form of today.
const FIXED: &str = "%d %b %Y %H:%M:%S GMT";
/// `Sunday, 06-Nov-94 08:49:37 GMT`, of RFC 850.
const TWO_DIGIT_YEAR: &str = "%d-%b-%y %H:%M:%S GMT";
/// `Sun Nov  6 08:49:37 1994`, of C's asctime.
const ASCTIME: &str = "%b %e %H:%M:%S %Y";

/// Reads a date; the last day that the calendar has is told as the last instant that a timestamp has. `now` tells which
/// century a year of two digits means.
pub(crate) fn parse(value: &str, now: Timestamp) -> Option<Timestamp> {
    // The weekday says nothing that the date does not, and of a year of two digits not even that: it depends on the
    // century.
    let (_, date) = value.split_once(' ')?;
    let read = |form| DateTime::strptime(form, date).ok();
    let date = read(FIXED)
        .or_else(|| read(ASCTIME))
        .or_else(|| Some(in_our_century(read(TWO_DIGIT_YEAR)?, now)))?;
    let beyond = if date.year() < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    };
    Some(Offset::UTC.to_timestamp(date).unwrap_or(beyond))
}

/// A year of two digits that seems more than 50 years away in the future is the last one with these digits.
fn in_our_century(date: DateTime, now: Timestamp) -> DateTime {
    let present = Offset::UTC.to_datetime(now).year();
    let horizon = present.saturating_add(50);
    let digits = date.year().rem_euclid(100);
    let latest = horizon - (horizon - digits).rem_euclid(100);
    let years = i32::from(latest) - i32::from(date.year());
    date.checked_add(Span::new().years(years)).unwrap_or(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-11-21T07:28:00Z".parse().unwrap()
    }

    fn parsed(value: &str) -> Option<String> {
        parse(value, now()).map(|date| date.to_string())
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
        assert_eq!(
            parse("Fri, 31 Dec 9999 23:59:59 GMT", now()),
            Some(Timestamp::MAX)
        );
        assert_eq!(parsed("Sat, 01 Jan 10000 00:00:00 GMT"), None);
        assert_eq!(parsed("Sun, 06 Nov 1994 08:49:37 CET"), None);
        assert_eq!(parsed(""), None);
    }
}
