//! Counts by day: notifications that were accepted, and deliveries that ended, with their age.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// The hours of a day.
pub const HOURS: usize = 24;
/// The upper ends of the classes of ages, in milliseconds; older ones are in one more class.
pub const AGES_MS: [u64; 6] = [1_000, 5_000, 30_000, 60_000, 300_000, 3_600_000];
/// The number of classes of ages.
pub const AGES: usize = AGES_MS.len() + 1;

const SECONDS_OF_AN_HOUR: i64 = 3600;
const HOURS_OF_A_DAY: i64 = 24;

/// A day in UTC, as days since 1970: to count needs no calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i64);

/// What is counted of a day: of an endpoint, or of an aggregator.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counts {
    /// Notifications that were accepted, by hour.
    pub accepted: [u64; HOURS],
    /// Deliveries that the endpoint accepted, by hour.
    pub delivered: [u64; HOURS],
    /// Deliveries that were given up, by hour.
    pub failed: [u64; HOURS],
    /// What was delivered, by its age: the time since the acceptance of the message.
    pub ages: [u64; AGES],
}

/// The day and its hour of a time.
pub fn hour_of(at: Timestamp) -> (Day, usize) {
    let hours = at.as_second().div_euclid(SECONDS_OF_AN_HOUR);
    let hour = usize::try_from(hours.rem_euclid(HOURS_OF_A_DAY)).unwrap_or_default();
    (Day(hours.div_euclid(HOURS_OF_A_DAY)), hour)
}

/// The class of an age in milliseconds.
pub fn age_class(age_ms: u64) -> usize {
    AGES_MS.iter().take_while(|end| age_ms > **end).count()
}

impl Day {
    /// The date; the first of 1970 for a day outside the calendar.
    pub fn date(self) -> Date {
        let second = self.0.saturating_mul(HOURS_OF_A_DAY * SECONDS_OF_AN_HOUR);
        let begin = Timestamp::from_second(second).unwrap_or_default();
        begin.to_zoned(TimeZone::UTC).date()
    }

    /// The day that was so many days earlier.
    #[must_use]
    pub fn minus(self, days: i64) -> Self {
        Self(self.0.saturating_sub(days))
    }
}

impl Counts {
    /// Adds the counts of the same day.
    pub fn add(&mut self, other: &Self) {
        let pairs = [
            (&mut self.accepted[..], &other.accepted[..]),
            (&mut self.delivered[..], &other.delivered[..]),
            (&mut self.failed[..], &other.failed[..]),
            (&mut self.ages[..], &other.ages[..]),
        ];
        for (sums, more) in pairs {
            for (sum, more) in sums.iter_mut().zip(more) {
                *sum += more;
            }
        }
    }

    /// All of the day: accepted, delivered, failed.
    pub fn totals(&self) -> (u64, u64, u64) {
        let sum = |hours: &[u64]| hours.iter().sum();
        (sum(&self.accepted), sum(&self.delivered), sum(&self.failed))
    }

    /// The class of ages within which this share of the deliveries arrived; `None` if there is none.
    pub fn age_within(&self, percent: u64) -> Option<usize> {
        let all: u64 = self.ages.iter().sum();
        let wanted = (all * percent).div_ceil(100);
        let mut so_far = 0;
        self.ages.iter().position(|count| {
            so_far += count;
            all > 0 && so_far >= wanted
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_its_day_and_hour_in_utc() {
        let told = |text: &str| {
            let (day, hour) = hour_of(text.parse().unwrap());
            (day.date().to_string(), hour)
        };
        assert_eq!(told("2026-11-30T00:00:00Z"), ("2026-11-30".to_owned(), 0));
        assert_eq!(told("2026-11-30T23:59:59Z"), ("2026-11-30".to_owned(), 23));
        assert_eq!(
            told("2026-12-01T01:00:00+05:30"),
            ("2026-11-30".to_owned(), 19)
        );
        assert_eq!(told("1969-12-31T23:00:00Z"), ("1969-12-31".to_owned(), 23));
    }

    #[test]
    fn an_age_is_in_the_first_class_that_holds_it() {
        let classes = [0, 1_000, 1_001, 300_000, 300_001, 3_600_001].map(age_class);
        assert_eq!(classes, [0, 0, 1, 4, 5, 6]);
    }

    #[test]
    fn a_percentile_is_the_class_that_reaches_it() {
        let mut counts = Counts::default();
        assert_eq!(counts.age_within(50), None);
        counts.ages = [5, 4, 0, 0, 0, 0, 1];
        let within = [50, 51, 90, 91, 99].map(|percent| counts.age_within(percent).unwrap());
        assert_eq!(within, [0, 1, 1, 6, 6]);
    }

    #[test]
    fn days_are_added_up() {
        let mut sum = Counts::default();
        let mut one = Counts::default();
        one.accepted[3] = 2;
        one.delivered[23] = 1;
        one.failed[0] = 4;
        one.ages[6] = 1;
        sum.add(&one);
        sum.add(&one);
        assert_eq!(sum.totals(), (4, 2, 8));
        assert_eq!(sum.ages[6], 2);
    }
}
