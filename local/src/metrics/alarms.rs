//! Judges the template's alarms by the metrics of this stack.

use std::collections::BTreeMap;
use std::time::Instant;

use crate::metrics::Key;
use crate::metrics::series::Series;
use crate::metrics::snapshot::AlarmState;
use crate::template::{AlarmResource, AlarmValue, WatchedMetric};

pub(super) fn state(
    alarm: &AlarmResource,
    series: &BTreeMap<Key, Series>,
    now: Instant,
) -> AlarmState {
    let of = |metric: &WatchedMetric| {
        let dimensions = metric.dimensions.iter().cloned().collect();
        let key = Key {
            namespace: metric.namespace.clone(),
            name: metric.name.clone(),
            dimensions,
        };
        metric
            .statistic
            .of(series.get(&key)?.within(alarm.period, now))
    };
    let value = match &alarm.value {
        AlarmValue::Metric(metric) => of(metric),
        AlarmValue::Sum(metrics) => metrics.iter().filter_map(of).reduce(|sum, one| sum + one),
        AlarmValue::Share {
            part,
            of: whole,
            least,
        } => of(whole).map(|whole| {
            let part = of(part).unwrap_or(0.0);
            if whole >= *least {
                100.0 * part / whole
            } else {
                0.0
            }
        }),
    };
    AlarmState {
        name: alarm.logical_id.clone(),
        fires: value.is_some_and(|value| value > alarm.threshold),
        value,
        threshold: alarm.threshold,
        fired_at: None,
    }
}
