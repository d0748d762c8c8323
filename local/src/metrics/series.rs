//! The values of one metric with its dimensions.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// How long single values are kept: the longest period of an alarm.
const KEPT: Duration = Duration::from_mins(15);
/// How many of them at most; under load that is less time.
const MOST: usize = 20_000;

/// A statistic of values, in CloudWatch's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Statistic {
    /// Their sum.
    Sum,
    /// The highest.
    Maximum,
    /// The value below which so many of a hundred are.
    Percentile(u8),
}

/// The values since the start, and the latest ones.
#[derive(Debug, Default)]
pub(super) struct Series {
    pub(super) sum: f64,
    pub(super) count: u64,
    pub(super) maximum: f64,
    pub(super) last: f64,
    latest: VecDeque<(Instant, f64)>,
}

impl Series {
    pub(super) fn add(&mut self, now: Instant, value: f64) {
        self.sum += value;
        self.count += 1;
        self.maximum = self.maximum.max(value);
        self.last = value;
        self.latest.push_back((now, value));
        while self.latest.len() > MOST
            || (self.latest.front()).is_some_and(|(at, _)| now.duration_since(*at) > KEPT)
        {
            self.latest.pop_front();
        }
    }

    /// The values of the latest period.
    pub(super) fn within(&self, period: Duration, now: Instant) -> Vec<f64> {
        let is_within = |at: &Instant| now.duration_since(*at) <= period;
        let latest = self.latest.iter().rev();
        latest
            .take_while(|(at, _)| is_within(at))
            .map(|(_, value)| *value)
            .collect()
    }
}

impl Statistic {
    /// The statistic of values; `None` if there are none.
    pub(super) fn of(self, mut values: Vec<f64>) -> Option<f64> {
        match self {
            _ if values.is_empty() => None,
            Self::Sum => Some(values.iter().sum()),
            Self::Maximum => values.into_iter().reduce(f64::max),
            Self::Percentile(percent) => {
                values.sort_by(f64::total_cmp);
                let last = values.len() - 1;
                values
                    .get(last * usize::from(percent.min(100)) / 100)
                    .copied()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statistics_are_of_the_latest_period_only() {
        let start = Instant::now();
        let mut series = Series::default();
        for (second, value) in [(0, 100.0), (60, 1.0), (90, 3.0), (100, 2.0)] {
            series.add(start + Duration::from_secs(second), value);
        }
        let now = start + Duration::from_secs(110);
        let latest = || series.within(Duration::from_mins(1), now);
        assert_eq!(Statistic::Sum.of(latest()), Some(6.0));
        assert_eq!(Statistic::Maximum.of(latest()), Some(3.0));
        assert_eq!(Statistic::Percentile(50).of(latest()), Some(2.0));
        assert_eq!(Statistic::Sum.of(series.within(Duration::ZERO, now)), None);
        assert_eq!(
            (series.sum, series.count, series.maximum, series.last),
            (106.0, 4, 100.0, 2.0)
        );
    }
}
