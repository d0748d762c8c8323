//! A CloudWatch alarm of the template.

use std::time::Duration;

use anyhow::{Context as _, bail};

use crate::metrics::Statistic;
use crate::template::node::Place;
use crate::template::resource::FunctionResource;
use crate::template::value::Names;

/// An alarm that fires when its value exceeds a threshold.
#[derive(Debug, Clone, PartialEq)]
pub struct AlarmResource {
    /// The key under `Resources`.
    pub logical_id: String,
    /// What it compares.
    pub value: AlarmValue,
    /// The time of which the value is.
    pub period: Duration,
    /// What the value must exceed.
    pub threshold: f64,
}

/// What an alarm compares with its threshold.
#[derive(Debug, Clone, PartialEq)]
pub enum AlarmValue {
    /// One metric.
    Metric(WatchedMetric),
    /// The sum of several: `SUM(METRICS())`.
    Sum(Vec<WatchedMetric>),
    /// The share in percent, if the whole has some size: `IF(whole >= 20, 100 * part / whole, 0)`.
    Share {
        /// What is counted.
        part: WatchedMetric,
        /// Of what it is a share.
        of: WatchedMetric,
        /// Below this the share is 0.
        least: f64,
    },
}

/// A metric that an alarm watches.
#[derive(Debug, Clone, PartialEq)]
pub struct WatchedMetric {
    /// The stack's name, or one of AWS's namespaces.
    pub namespace: String,
    /// The metric.
    pub name: String,
    /// Its dimensions.
    pub dimensions: Vec<(String, String)>,
    /// The statistic.
    pub statistic: Statistic,
}

impl AlarmResource {
    /// Every metric that it watches.
    pub fn metrics(&self) -> Vec<&WatchedMetric> {
        match &self.value {
            AlarmValue::Metric(metric) => vec![metric],
            AlarmValue::Sum(metrics) => metrics.iter().collect(),
            AlarmValue::Share { part, of, .. } => vec![part, of],
        }
    }
}

/// What alarms refer to.
pub(super) struct Referred<'a> {
    pub(super) names: &'a Names,
    pub(super) functions: &'a [FunctionResource],
}

impl Referred<'_> {
    pub(super) fn alarm(
        &self,
        logical_id: &str,
        properties: &Place<'_>,
    ) -> anyhow::Result<AlarmResource> {
        let comparison = properties.require("ComparisonOperator")?.text()?;
        if comparison != "GreaterThanThreshold" {
            bail!("{}: {comparison} is not supported", properties.path());
        }
        let (value, period) = match properties.get("Metrics") {
            Some(metrics) => self.expression(&metrics)?,
            None => (
                AlarmValue::Metric(self.metric(properties, properties)?),
                period(properties)?,
            ),
        };
        Ok(AlarmResource {
            logical_id: logical_id.to_owned(),
            value,
            period,
            threshold: decimal(&properties.require("Threshold")?)?,
        })
    }

    /// The value of an alarm with several metrics and an expression over them.
    fn expression(&self, queries: &Place<'_>) -> anyhow::Result<(AlarmValue, Duration)> {
        let mut expression = None;
        let mut metrics: Vec<(String, WatchedMetric)> = Vec::new();
        let mut longest = Duration::ZERO;
        for query in queries.items()? {
            if let Some(text) = query.get("Expression") {
                expression = Some(text.text()?);
                continue;
            }
            let stat = query.require("MetricStat")?;
            longest = longest.max(period(&stat)?);
            let metric = self.metric(&stat.require("Metric")?, &stat)?;
            metrics.push((query.require("Id")?.text()?, metric));
        }
        let expression =
            expression.with_context(|| format!("{}: no Expression", queries.path()))?;
        let value = match expression.as_str() {
            "SUM(METRICS())" => {
                AlarmValue::Sum(metrics.into_iter().map(|(_, metric)| metric).collect())
            }
            share => share_of(share, &metrics)
                .with_context(|| format!("{}: {share} is not supported", queries.path()))?,
        };
        Ok((value, longest))
    }

    /// The metric that one place names, with the statistic that another one says.
    fn metric(&self, named: &Place<'_>, stat: &Place<'_>) -> anyhow::Result<WatchedMetric> {
        let dimensions = match named.get("Dimensions") {
            Some(dimensions) => dimensions.items()?,
            None => Vec::new(),
        };
        let dimensions = dimensions.iter().map(|dimension| {
            let value = self.text(&dimension.require("Value")?)?;
            anyhow::Ok((dimension.require("Name")?.text()?, value))
        });
        Ok(WatchedMetric {
            namespace: self.text(&named.require("Namespace")?)?,
            name: named.require("MetricName")?.text()?,
            dimensions: dimensions.collect::<anyhow::Result<_>>()?,
            statistic: statistic(stat)?,
        })
    }

    /// A text, or a reference: to a function, whose name is that of its binary here, or to the API, which has none.
    fn text(&self, place: &Place<'_>) -> anyhow::Result<String> {
        if let Some(("Ref", argument)) = place.intrinsic() {
            let name = argument.argument()?;
            let mut functions = self.functions.iter();
            if let Some(function) = functions.find(|function| function.logical_id == name) {
                return Ok(function.binary.clone());
            }
            if self.names.others.contains(&name) {
                return Ok(name);
            }
        }
        let value = self.names.value(place)?;
        value.with_queue_urls(&std::collections::BTreeMap::new())
    }
}

fn share_of(expression: &str, metrics: &[(String, WatchedMetric)]) -> Option<AlarmValue> {
    let (whole, rest) = expression.strip_prefix("IF(")?.split_once(" >= ")?;
    let (least, rest) = rest.split_once(", 100 * ")?;
    let part = rest.strip_suffix(&format!(" / {whole}, 0)"))?;
    let of = |id: &str| {
        let mut metrics = metrics.iter();
        Some(metrics.find(|(known, _)| known == id)?.1.clone())
    };
    Some(AlarmValue::Share {
        part: of(part)?,
        of: of(whole)?,
        least: least.parse().ok()?,
    })
}

fn statistic(place: &Place<'_>) -> anyhow::Result<Statistic> {
    let named = ["Statistic", "ExtendedStatistic", "Stat"];
    let word = named.iter().find_map(|name| place.get(name));
    let word = word
        .with_context(|| format!("{}: no statistic", place.path()))?
        .text()?;
    match word.as_str() {
        "Sum" => Ok(Statistic::Sum),
        "Maximum" => Ok(Statistic::Maximum),
        word => {
            let percent = word
                .strip_prefix('p')
                .and_then(|percent| percent.parse().ok());
            let percent = percent.with_context(|| format!("{word} is not supported"))?;
            Ok(Statistic::Percentile(percent))
        }
    }
}

fn period(place: &Place<'_>) -> anyhow::Result<Duration> {
    place.require("Period")?.number().map(Duration::from_secs)
}

fn decimal(place: &Place<'_>) -> anyhow::Result<f64> {
    let text = place.text()?;
    text.parse()
        .with_context(|| format!("{}: expected a number", place.path()))
}
