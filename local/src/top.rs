//! `cargo local top`: what a running stack does, on a screen that refreshes, or once as plain text.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write as _};
use std::io::{IsTerminal, Write};
use std::path::Path;
use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::metrics::{SeriesSnapshot, Snapshot};
use crate::stack::metrics_of;

/// The time between two looks.
const REFRESH: Duration = Duration::from_secs(2);
/// Switches to the terminal's other screen and hides the cursor; and back.
const OPEN: &str = "\x1b[?1049h\x1b[?25l";
const CLOSE: &str = "\x1b[?25h\x1b[?1049l";
/// Begins at the top, and clears what is below the last line.
const HOME: &str = "\x1b[H";
const END_OF_LINE: &str = "\x1b[K\r\n";
const CLEAR_BELOW: &str = "\x1b[J";

/// The counts that are shown as rates, by group.
const RATES: [(&str, &[&str]); 3] = [
    (
        "Pushes",
        &["Accepted", "Duplicate", "Ignored", "Unmapped", "Unreadable"],
    ),
    (
        "Deliveries",
        &["Sent", "FailedAttempts", "GivenUp", "Parked"],
    ),
    (
        "Others",
        &[
            "Purchases",
            "OrdersInDoubt",
            "CredentialsRefused",
            "Throttled",
            "DeadLetters",
        ],
    ),
];
/// What waits, and the metric that says it.
const LEVELS: [(&str, &str); 5] = [
    ("suspended endpoints", "SuspendedEndpoints"),
    ("purchases with an unknown outcome", "ClaimsUncertain"),
    ("oldest failing or parked delivery, s", "OldestWaiting"),
    ("channel orders are behind, s", "ChannelLag"),
    ("requests for returns are behind, s", "ReturnsLag"),
];

/// The text for this moment: what the screen shows, and every metric as one line for programs.
pub async fn once(published: &Path) -> anyhow::Result<String> {
    let snapshot = metrics_of(published).await?;
    let mut page = text(&snapshot);
    all(&mut page, &snapshot)?;
    Ok(page)
}

/// Shows it until the future is dropped or the stack stops; once, if that is wanted or `out` is no terminal.
pub async fn show(
    published: &Path,
    is_once: bool,
    mut out: impl Write + IsTerminal,
) -> anyhow::Result<()> {
    if is_once || !out.is_terminal() {
        out.write_all(once(published).await?.as_bytes())?;
        return Ok(());
    }
    watch(published, out).await
}

async fn watch(published: &Path, out: impl Write) -> anyhow::Result<()> {
    let mut snapshot = metrics_of(published).await?;
    let mut screen = Screen::open(out);
    loop {
        let shown = text(&snapshot);
        let lines = shown.lines();
        let lines: String = lines.flat_map(|line| [line, END_OF_LINE]).collect();
        write!(screen.0, "{HOME}{lines}{CLEAR_BELOW}")?;
        screen.0.flush()?;
        tokio::time::sleep(REFRESH).await;
        snapshot = metrics_of(published).await?;
    }
}

/// The terminal's other screen; dropping it returns to the first one.
struct Screen<W: Write>(W);

impl<W: Write> Screen<W> {
    fn open(mut out: W) -> Self {
        write!(out, "{OPEN}").ok();
        Self(out)
    }
}

impl<W: Write> Drop for Screen<W> {
    fn drop(&mut self) {
        write!(self.0, "{CLOSE}").ok();
        self.0.flush().ok();
    }
}

fn text(snapshot: &Snapshot) -> String {
    let mut page = String::new();
    // Writing to a string cannot fail.
    for part in [alarms, rates, ages, waiting, functions, partners] {
        part(&mut page, snapshot).ok();
    }
    page
}

/// An alarm says how long ago something happened, not that it is over: those that fired are shown too.
fn alarms(page: &mut String, snapshot: &Snapshot) -> fmt::Result {
    let (firing, silent): (Vec<_>, Vec<_>) = snapshot.alarms.iter().partition(|alarm| alarm.fires);
    let fired = silent
        .into_iter()
        .filter_map(|alarm| Some((&alarm.name, alarm.fired_at?)));
    let fired: Vec<_> = fired.collect();
    let head = match (firing.is_empty(), fired.is_empty()) {
        (true, true) => "none",
        (true, false) => "none fires now; see docs/runbook.md",
        (false, _) => "see docs/runbook.md",
    };
    writeln!(page, "ALARMS       {head}")?;
    for alarm in firing {
        let value = alarm.value.unwrap_or_default();
        writeln!(page, "  {:<28} {value} > {}", alarm.name, alarm.threshold)?;
    }
    for (name, at) in fired {
        writeln!(page, "  {name:<28} fired last at {at:.0}")?;
    }
    writeln!(page)
}

fn rates(page: &mut String, snapshot: &Snapshot) -> fmt::Result {
    writeln!(
        page,
        "{:<36}{:>12}{:>12}",
        "COUNTS", "last min", "since start"
    )?;
    for (group, metrics) in RATES {
        writeln!(page, "{group}")?;
        for name in metrics {
            let (minute, sum) = snapshot.total(name).map_or((0.0, 0.0), |series| {
                let minute = series.last_minute.map_or(0.0, |minute| minute.sum);
                (minute, series.sum)
            });
            writeln!(page, "  {name:<34}{minute:>12}{sum:>12}")?;
        }
    }
    writeln!(page)
}

fn ages(page: &mut String, snapshot: &Snapshot) -> fmt::Result {
    let delivered = snapshot.total("DeliveryAge");
    match delivered.and_then(|series| series.last_minute) {
        Some(age) => writeln!(
            page,
            "DELIVERED  {}; age p50 {} ms, p99 {} ms, maximum {} ms (last minute)",
            age.count, age.p50, age.p99, age.maximum
        ),
        None => writeln!(page, "DELIVERED  nothing in the last minute"),
    }
}

fn waiting(page: &mut String, snapshot: &Snapshot) -> fmt::Result {
    writeln!(page, "\nWHAT WAITS")?;
    for series in of_aws(snapshot, "AWS/SQS", "ApproximateNumberOfMessagesVisible") {
        let queue = series
            .dimensions
            .get("QueueName")
            .map_or("", String::as_str);
        let noun = if series.last.to_string() == "1" {
            "message"
        } else {
            "messages"
        };
        writeln!(page, "  {queue:<40}{:>8} {noun}", series.last)?;
    }
    for (what, metric) in LEVELS {
        if let Some(series) = snapshot.total(metric) {
            writeln!(page, "  {what:<40}{:>8}", series.last)?;
        }
    }
    writeln!(page)
}

fn functions(page: &mut String, snapshot: &Snapshot) -> fmt::Result {
    let (head, calls, errors) = ("FUNCTIONS", "calls/min", "errors");
    writeln!(
        page,
        "{head:<28}{calls:>10}{errors:>8}{:>10}{:>10}{:>8}",
        "p50 ms", "p99 ms", "calls"
    )?;
    let errors = by(snapshot, "AWS/Lambda", "Errors", "FunctionName");
    for (function, took) in by(snapshot, "AWS/Lambda", "Duration", "FunctionName") {
        let failed = errors.get(function).map_or(0.0, |series| series.sum);
        let minute = took.last_minute;
        let calls = minute.map_or(0, |minute| minute.count);
        let (p50, p99) = minute.map_or((0.0, 0.0), |minute| (minute.p50, minute.p99));
        writeln!(
            page,
            "  {function:<26}{calls:>10}{failed:>8}{p50:>10.1}{p99:>10.1}{:>8}",
            took.count
        )?;
    }
    writeln!(page)
}

fn partners(page: &mut String, snapshot: &Snapshot) -> fmt::Result {
    let calls = own_by(snapshot, "PartnerLatency");
    if calls.is_empty() {
        return Ok(());
    }
    let errors = own_by(snapshot, "PartnerErrors");
    writeln!(
        page,
        "{:<28}{:>10}{:>8}{:>10}",
        "PARTNERS", "calls", "errors", "max ms"
    )?;
    for (partner, took) in calls {
        let failed = errors.get(partner).map_or(0.0, |series| series.sum);
        writeln!(
            page,
            "  {partner:<26}{:>10}{failed:>8}{:>10}",
            took.count, took.maximum
        )?;
    }
    writeln!(page)
}

/// Every metric since the start, as one line for programs.
fn all(page: &mut String, snapshot: &Snapshot) -> fmt::Result {
    let metrics: Map<String, Value> = snapshot
        .series
        .iter()
        .map(|series| {
            let figures = json!({
                "sum": series.sum, "count": series.count, "maximum": series.maximum, "last": series.last,
            });
            (full_name(series), figures)
        })
        .collect();
    writeln!(page, "metrics {}", Value::Object(metrics))
}

/// `Unmapped{partner=CLICKPOST}`; metrics of AWS with their namespace in front.
fn full_name(series: &SeriesSnapshot) -> String {
    let of_aws = series.namespace.starts_with("AWS/");
    let namespace = if of_aws {
        format!("{}/", series.namespace)
    } else {
        String::new()
    };
    let dimensions = series.dimensions.iter();
    let dimensions: Vec<String> = dimensions
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let dimensions = if dimensions.is_empty() {
        String::new()
    } else {
        format!("{{{}}}", dimensions.join(","))
    };
    format!("{namespace}{}{dimensions}", series.name)
}

fn of_aws<'s>(
    snapshot: &'s Snapshot,
    namespace: &'static str,
    name: &'static str,
) -> impl Iterator<Item = &'s SeriesSnapshot> {
    let all = snapshot.series.iter();
    all.filter(move |series| series.namespace == namespace && series.name == name)
}

/// The series of a metric by the value of a dimension.
fn by<'s>(
    snapshot: &'s Snapshot,
    namespace: &'static str,
    name: &'static str,
    dimension: &'static str,
) -> BTreeMap<&'s str, &'s SeriesSnapshot> {
    of_aws(snapshot, namespace, name)
        .filter_map(|series| Some((series.dimensions.get(dimension)?.as_str(), series)))
        .collect()
}

fn own_by<'s>(snapshot: &'s Snapshot, name: &'static str) -> BTreeMap<&'s str, &'s SeriesSnapshot> {
    let namespaces: BTreeSet<&str> = snapshot
        .series
        .iter()
        .map(|series| series.namespace.as_str())
        .collect();
    let mut own = namespaces
        .into_iter()
        .filter(|namespace| !namespace.starts_with("AWS/"));
    let own = own.next().unwrap_or_default();
    let series = snapshot.series.iter();
    series
        .filter(|series| series.namespace == own && series.name == name)
        .filter_map(|series| Some((series.dimensions.get("partner")?.as_str(), series)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::AlarmState;

    #[test]
    fn alarms_that_fired_are_shown_below_those_that_fire() {
        let alarm = |name: &str, fires, fired_at: Option<&str>| AlarmState {
            name: name.to_owned(),
            fires,
            value: fires.then_some(2.0),
            threshold: 0.0,
            fired_at: fired_at.map(|at| at.parse().unwrap()),
        };
        let shown = |states: &[AlarmState]| {
            let mut page = String::new();
            let snapshot = Snapshot {
                series: Vec::new(),
                alarms: states.to_vec(),
            };
            alarms(&mut page, &snapshot).unwrap();
            page
        };
        let never = alarm("KeyErrorsAlarm", false, None);
        let fired = alarm("GivenUpAlarm", false, Some("2026-11-30T17:03:12.5Z"));
        let firing = alarm("UnmappedAlarm", true, Some("2026-11-30T17:09:00Z"));
        assert_eq!(shown(std::slice::from_ref(&never)), "ALARMS       none\n\n");
        let line = "  GivenUpAlarm                 fired last at 2026-11-30T17:03:12Z\n";
        let none = "ALARMS       none fires now; see docs/runbook.md\n";
        assert_eq!(
            shown(&[never.clone(), fired.clone()]),
            format!("{none}{line}\n")
        );
        let both = "ALARMS       see docs/runbook.md\n  UnmappedAlarm                2 > 0\n";
        assert_eq!(shown(&[never, fired, firing]), format!("{both}{line}\n"));
    }
}
