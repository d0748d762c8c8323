//! The metrics of a running stack: those that the functions write into their log lines, as CloudWatch would read them, and
//! those of AWS that this stack can know. [`Metrics::snapshot`] is what `cargo local top` shows.

mod alarms;
mod embedded;
mod series;
mod snapshot;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use series::Series;
pub use series::Statistic;
pub use snapshot::{AlarmState, LastMinute, SeriesSnapshot, Snapshot};

use crate::template::AlarmResource;

/// What identifies a series of values.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) namespace: String,
    pub(crate) name: String,
    pub(crate) dimensions: BTreeMap<String, String>,
}

impl Key {
    /// A metric with at most one dimension.
    pub(crate) fn new(namespace: &str, name: &str, dimension: Option<(&str, &str)>) -> Self {
        let dimensions = dimension.into_iter();
        Self {
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            dimensions: dimensions
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
        }
    }
}

/// The metrics since the start of the stack. Clones are the same metrics.
#[derive(Debug, Clone, Default)]
pub struct Metrics {
    kept: Arc<Mutex<Kept>>,
}

#[derive(Debug, Default)]
struct Kept {
    series: BTreeMap<Key, Series>,
    alarms: Vec<AlarmResource>,
    /// When an alarm fired last, by its name.
    fired: BTreeMap<String, Timestamp>,
    /// Since when a queue was not seen empty.
    waiting_since: HashMap<String, Instant>,
}

impl Metrics {
    /// The alarms that are evaluated.
    pub(crate) fn watch(&self, alarms: Vec<AlarmResource>) {
        self.kept().alarms = alarms;
    }

    /// Reads the metrics of a log line, if it has some.
    pub(crate) fn read_line(&self, line: &str) {
        // Most lines have none, and need not be parsed.
        if line.contains(embedded::METADATA) {
            for (key, values) in embedded::read(line) {
                for value in values {
                    self.add(key.clone(), value);
                }
            }
        }
    }

    /// Adds a value that AWS would measure.
    pub(crate) fn add(&self, key: Key, value: f64) {
        let now = Instant::now();
        self.kept().series.entry(key).or_default().add(now, value);
    }

    /// Notes the length of a queue, and how long it has not been empty: SQS itself knows the age of its oldest message.
    pub(crate) fn note_queue(&self, queue: &str, visible: u64, all: u64) {
        let now = Instant::now();
        let age = {
            let mut kept = self.kept();
            if all == 0 {
                kept.waiting_since.remove(queue);
                Duration::ZERO
            } else {
                let since = kept.waiting_since.entry(queue.to_owned()).or_insert(now);
                now.duration_since(*since)
            }
        };
        let of = |name| Key::new("AWS/SQS", name, Some(("QueueName", queue)));
        self.add(of("ApproximateNumberOfMessagesVisible"), number(visible));
        self.add(
            of("ApproximateAgeOfOldestMessage"),
            age.as_secs_f64().floor(),
        );
    }

    /// Judges the alarms now, so that one that fires is known later even if nobody asks while it does.
    pub(crate) fn judge(&self) {
        self.kept().judge(Instant::now(), Timestamp::now());
    }

    /// All metrics now.
    pub fn snapshot(&self) -> Snapshot {
        let now = Instant::now();
        let mut kept = self.kept();
        Snapshot {
            alarms: kept.judge(now, Timestamp::now()),
            series: kept
                .series
                .iter()
                .map(|(key, series)| SeriesSnapshot::of(key, series, now))
                .collect(),
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    /// The alarms at this moment, told in both clocks.
    fn judge(&mut self, now: Instant, at: Timestamp) -> Vec<AlarmState> {
        let mut states = Vec::new();
        for alarm in &self.alarms {
            let mut state = alarms::state(alarm, &self.series, now);
            if state.fires {
                self.fired.insert(state.name.clone(), at);
            }
            state.fired_at = self.fired.get(&state.name).copied();
            states.push(state);
        }
        states
    }
}

/// A count as a value; the counts of one machine are exact as such.
#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
pub(crate) fn number(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::{AlarmValue, WatchedMetric};

    #[test]
    fn an_alarm_that_fires_no_more_is_known_with_its_last_time() {
        let metrics = Metrics::default();
        let name = "GivenUpAlarm".to_owned();
        metrics.watch(vec![AlarmResource {
            logical_id: name.clone(),
            value: AlarmValue::Metric(WatchedMetric {
                namespace: "rms".to_owned(),
                name: "GivenUp".to_owned(),
                dimensions: Vec::new(),
                statistic: Statistic::Sum,
            }),
            period: Duration::from_mins(5),
            threshold: 0.0,
        }]);
        let (start, clock) = (Instant::now(), Timestamp::UNIX_EPOCH);
        let after = |minutes| {
            let later = Duration::from_mins(minutes);
            let state = metrics.kept().judge(start + later, clock + later).remove(0);
            (state.fires, state.fired_at.map(Timestamp::as_second))
        };
        assert_eq!(after(0), (false, None));
        metrics.add(Key::new("rms", "GivenUp", None), 1.0);
        assert_eq!(after(1), (true, Some(60)));
        assert_eq!(after(2), (true, Some(120)));
        assert_eq!(after(20), (false, Some(120)));
        let state = metrics.snapshot().alarms.remove(0);
        assert_eq!((state.name, state.fires), (name, true));
    }
}
