//! The metrics of a moment, as JSON: what the stack answers to `cargo local top`.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::metrics::Key;
use crate::metrics::series::{Series, Statistic};

const A_MINUTE: Duration = Duration::from_mins(1);

/// All metrics of a stack.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Each metric with its dimensions.
    pub series: Vec<SeriesSnapshot>,
    /// Each alarm of the template.
    pub alarms: Vec<AlarmState>,
}

/// A metric with its dimensions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SeriesSnapshot {
    /// The stack's name, or one of AWS's namespaces.
    pub namespace: String,
    /// The metric.
    pub name: String,
    /// Its dimensions.
    pub dimensions: BTreeMap<String, String>,
    /// The sum of all values since the start.
    pub sum: f64,
    /// Their number.
    pub count: u64,
    /// The highest.
    pub maximum: f64,
    /// The latest.
    pub last: f64,
    /// The last minute; absent without a value in it.
    pub last_minute: Option<LastMinute>,
}

/// A metric's values of the last minute.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LastMinute {
    /// Their sum.
    pub sum: f64,
    /// Their number.
    pub count: usize,
    /// The median.
    pub p50: f64,
    /// The value that one in a hundred exceeds.
    pub p99: f64,
    /// The highest.
    pub maximum: f64,
}

/// An alarm of the template, judged by its latest period alone: in AWS some need several.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AlarmState {
    /// Its name in the template.
    pub name: String,
    /// Whether it fires.
    pub fires: bool,
    /// Its value; absent without data.
    pub value: Option<f64>,
    /// The threshold that the value must exceed.
    pub threshold: f64,
    /// When it fired last; absent if it never did since the start.
    pub fired_at: Option<Timestamp>,
}

impl SeriesSnapshot {
    pub(super) fn of(key: &Key, series: &Series, now: Instant) -> Self {
        let values = series.within(A_MINUTE, now);
        let of = |statistic: Statistic| statistic.of(values.clone());
        let last_minute = of(Statistic::Sum).map(|sum| LastMinute {
            sum,
            count: values.len(),
            p50: of(Statistic::Percentile(50)).unwrap_or_default(),
            p99: of(Statistic::Percentile(99)).unwrap_or_default(),
            maximum: of(Statistic::Maximum).unwrap_or_default(),
        });
        Self {
            namespace: key.namespace.clone(),
            name: key.name.clone(),
            dimensions: key.dimensions.clone(),
            sum: series.sum,
            count: series.count,
            maximum: series.maximum,
            last: series.last,
            last_minute,
        }
    }
}

impl Snapshot {
    /// A metric of the stack's own, in total.
    pub fn total(&self, name: &str) -> Option<&SeriesSnapshot> {
        let mut own = self.series.iter();
        own.find(|series| {
            series.name == name
                && series.dimensions.is_empty()
                && !series.namespace.starts_with("AWS/")
        })
    }

    /// An alarm by its name in the template.
    pub fn alarm(&self, name: &str) -> Option<&AlarmState> {
        self.alarms.iter().find(|alarm| alarm.name == name)
    }
}
