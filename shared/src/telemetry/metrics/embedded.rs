//! Writes a tally into a log line, in CloudWatch's embedded metric format
//! (<https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>).
//!
//! A line has one value for each dimension. What has another one is left for the next line. Units are not written: they
//! would be a twentieth of what a delivered notification writes, and do not change.

use std::fmt::Write as _;

use jiff::Timestamp;

use crate::config;
use crate::telemetry::fields::Fields;
use crate::telemetry::metrics::declared::{Kind, Labels};
use crate::telemetry::metrics::tally::{Entry, Tally};

/// The namespace outside a stack, as in a test.
const NAMESPACE: &str = "rms-logistics";
/// The order in which the parts of a line are written.
const PARTS: [Labels; 4] = [
    Labels::None,
    Labels::Partner,
    Labels::PartnerAndOutcome,
    Labels::Function,
];

/// Where the metrics of a process come from.
#[derive(Debug, Clone)]
pub(in crate::telemetry) struct Origin {
    namespace: String,
    function: String,
}

impl Default for Origin {
    fn default() -> Self {
        Self {
            namespace: NAMESPACE.to_owned(),
            function: "none".to_owned(),
        }
    }
}

impl Origin {
    /// As the environment says.
    pub(in crate::telemetry) fn of_environment() -> Self {
        let default = Self::default();
        Self {
            namespace: config::optional(config::METRICS_NAMESPACE).unwrap_or(default.namespace),
            function: config::optional(config::AWS_LAMBDA_FUNCTION_NAME)
                .unwrap_or(default.function),
        }
    }
}

/// Adds what fits to a line, and returns the rest.
pub(in crate::telemetry) fn embed(
    line: &mut Fields,
    mut tally: Tally,
    origin: &Origin,
    now: Timestamp,
) -> Tally {
    let mut dimensions = Dimensions::default();
    let entries = tally.take_fitting(|entry| dimensions.fit(entry, line));
    let mut metadata = format!(
        r#"{{"Timestamp":{},"CloudWatchMetrics":["#,
        now.as_millisecond()
    );
    let mut separator = "";
    for labels in PARTS {
        let is_of = |entry: &&Entry| entry.metric.declaration().labels == labels;
        let mut of_part = entries.iter().filter(is_of).peekable();
        if of_part.peek().is_some() {
            metadata.push_str(separator);
            directive(&mut metadata, labels, of_part, &origin.namespace);
            separator = ",";
        }
    }
    metadata.push_str("]}");
    line.add_json("_aws", &metadata);
    dimensions.write(line);
    if entries
        .iter()
        .any(|entry| entry.metric.declaration().labels == Labels::Function)
    {
        line.add_text("function", &origin.function);
    }
    for entry in &entries {
        line.add_json(entry.metric.name(), &numbers(entry));
    }
    tally
}

fn directive<'e>(
    text: &mut String,
    labels: Labels,
    entries: impl Iterator<Item = &'e Entry>,
    namespace: &str,
) {
    // The total, and if there are dimensions, the share of their values.
    let sets = match labels.names() {
        [] => "[[]]".to_owned(),
        names => format!(r#"[[],["{}"]]"#, names.join(r#"",""#)),
    };
    // Writing to a string cannot fail.
    write!(
        text,
        r#"{{"Namespace":"{namespace}","Dimensions":{sets},"Metrics":["#
    )
    .ok();
    let mut separator = "";
    for entry in entries {
        let name = entry.metric.name();
        write!(text, r#"{separator}{{"Name":"{name}"}}"#).ok();
        separator = ",";
    }
    text.push_str("]}");
}

fn numbers(entry: &Entry) -> String {
    match (entry.metric.declaration().kind, entry.numbers.as_slice()) {
        (Kind::Count | Kind::Level, [number, ..]) | (Kind::Values, [number]) => number.to_string(),
        (_, numbers) => {
            let numbers: Vec<String> = numbers.iter().map(u64::to_string).collect();
            format!("[{}]", numbers.join(","))
        }
    }
}

/// The values of a line's dimensions.
#[derive(Debug, Default)]
struct Dimensions {
    partner: Option<Box<str>>,
    outcome: Option<&'static str>,
}

impl Dimensions {
    /// Whether a metric has the values of this line, which are those of the first metric that has some. A field that the
    /// line has anyway is one of its values.
    fn fit(&mut self, entry: &Entry, line: &Fields) -> bool {
        let partner = entry.partner.as_deref();
        let is_same = |known: Option<&str>, name, own: Option<&str>| {
            own.is_none_or(|own| match known {
                Some(known) => known == own,
                None => line.is_free_for(name, own),
            })
        };
        let fits = is_same(self.partner.as_deref(), "partner", partner)
            && is_same(self.outcome, "outcome", entry.outcome);
        if fits {
            if self.partner.is_none() {
                self.partner.clone_from(&entry.partner);
            }
            self.outcome = self.outcome.or(entry.outcome);
        }
        fits
    }

    fn write(&self, line: &mut Fields) {
        for (name, value) in [
            ("partner", self.partner.as_deref()),
            ("outcome", self.outcome),
        ] {
            if let Some(value) = value {
                line.add_text(name, value);
            }
        }
    }
}
