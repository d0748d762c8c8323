//! A Lambda function of the template and the events that invoke it.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::time::Duration;

use anyhow::{Context as _, bail};

use crate::template::event_filter::EventFilter;
use crate::template::node::Place;
use crate::template::resource::{Event, FunctionResource, QueueEvent, Route, ScheduleEvent};
use crate::template::value::{Names, Value};
use crate::template::{one_of, policies, schedule_expression};

/// Roles, log groups, tracing, the build and the change from one version to the next have no meaning on one machine.
const IGNORED: &[&str] = &[
    "Architectures",
    "AutoPublishAlias",
    "AutoPublishAliasAllProperties",
    "DeploymentPreference",
    "Description",
    "FunctionName",
    "Handler",
    "LoggingConfig",
    "Role",
    "Runtime",
    "Tags",
    "Tracing",
];

/// Lambda's own defaults.
const DEFAULT_TIMEOUT_SECONDS: u64 = 3;
const DEFAULT_MEMORY_MB: u32 = 128;
const DEFAULT_BATCH_SIZE: usize = 10;
/// What Lambda accepts as `MaximumConcurrency`, `MinimumPollers` and `MaximumPollers` of a queue.
const CONCURRENCY: RangeInclusive<usize> = 2..=1000;
const LEAST_POLLERS: RangeInclusive<usize> = 2..=200;
const MOST_POLLERS: RangeInclusive<usize> = 2..=2000;
/// How many batches a provisioned poller makes at once at most.
const BATCHES_OF_A_POLLER: usize = 10;

pub(super) fn read(
    logical_id: &str,
    properties: &Place<'_>,
    globals: Option<&Place<'_>>,
    names: &Names,
) -> anyhow::Result<FunctionResource> {
    let shared = &["Environment", "MemorySize", "Timeout"];
    let own = &[
        "CodeUri",
        "Events",
        "Policies",
        "ReservedConcurrentExecutions",
    ];
    properties.refuse_unknown(&[&shared[..], &own[..]].concat(), IGNORED)?;
    if let Some(globals) = globals {
        globals.refuse_unknown(shared, IGNORED)?;
    }
    let setting = |key: &str| {
        properties
            .get(key)
            .or_else(|| globals.and_then(|globals| globals.get(key)))
    };
    let timeout = setting("Timeout").map_or(Ok(DEFAULT_TIMEOUT_SECONDS), |place| place.number())?;
    Ok(FunctionResource {
        logical_id: logical_id.to_owned(),
        binary: binary(&properties.require("CodeUri")?)?,
        timeout: Duration::from_secs(timeout),
        memory_mb: setting("MemorySize").map_or(Ok(DEFAULT_MEMORY_MB), |place| place.number())?,
        reserved_concurrency: optional_number(properties, "ReservedConcurrentExecutions", names)?,
        environment: environment(globals, properties, names)?,
        policies: policies::read(properties.get("Policies").as_ref(), names)?,
        events: events(properties, names)?,
    })
}

fn binary(code_uri: &Place<'_>) -> anyhow::Result<String> {
    let path = code_uri.text()?;
    path.trim_end_matches('/')
        .rsplit('/')
        .next()
        .filter(|name| !name.is_empty() && *name != ".")
        .map(str::to_owned)
        .with_context(|| format!("{}: expected functions/<name>", code_uri.path()))
}

fn environment(
    globals: Option<&Place<'_>>,
    properties: &Place<'_>,
    names: &Names,
) -> anyhow::Result<BTreeMap<String, Value>> {
    let mut environment = BTreeMap::new();
    for place in globals.into_iter().chain([properties]) {
        let Some(variables) = place
            .get("Environment")
            .and_then(|place| place.get("Variables"))
        else {
            continue;
        };
        for (name, value) in variables.entries()? {
            environment.insert(name.to_owned(), names.value(&value)?);
        }
    }
    Ok(environment)
}

fn events(properties: &Place<'_>, names: &Names) -> anyhow::Result<Vec<Event>> {
    let Some(events) = properties.get("Events") else {
        return Ok(Vec::new());
    };
    let mut read = Vec::new();
    for (name, event) in events.entries()? {
        event.refuse_unknown(&["Type", "Properties"], &[])?;
        let kind = event.require("Type")?;
        let enabled = event.get("Properties").and_then(|all| all.get("Enabled"));
        if let Some(enabled) = enabled
            && !enabled.flag()?
        {
            continue;
        }
        read.push(match kind.text()?.as_str() {
            "HttpApi" => Event::Http(route(event.get("Properties").as_ref())?),
            "SQS" => Event::Queue(queue(&event.require("Properties")?, names)?),
            "Schedule" | "ScheduleV2" => {
                Event::Schedule(schedule(name, &event.require("Properties")?)?)
            }
            other => bail!(
                "{}: the local stack does not support {other} events",
                kind.path()
            ),
        });
    }
    Ok(read)
}

fn route(properties: Option<&Place<'_>>) -> anyhow::Result<Route> {
    let Some(properties) = properties else {
        return Ok(Route::Default);
    };
    properties.refuse_unknown(
        &["Method", "Path", "PayloadFormatVersion"],
        &["ApiId", "RouteSettings"],
    )?;
    if let Some(version) = properties.get("PayloadFormatVersion") {
        one_of(&version, &["2.0"])?;
    }
    match (properties.get("Method"), properties.get("Path")) {
        (None, None) => Ok(Route::Default),
        (_, Some(path)) if path.text()? == "$default" => Ok(Route::Default),
        (Some(method), Some(path)) => Ok(Route::Path {
            method: method.text()?.to_ascii_uppercase().replace('*', "ANY"),
            path: path.text()?,
        }),
        _ => bail!("{}: expected both Method and Path", properties.path()),
    }
}

fn queue(properties: &Place<'_>, names: &Names) -> anyhow::Result<QueueEvent> {
    properties.refuse_unknown(
        &[
            "BatchSize",
            "Enabled",
            "FilterCriteria",
            "FunctionResponseTypes",
            "MaximumBatchingWindowInSeconds",
            "MetricsConfig",
            "ProvisionedPollerConfig",
            "Queue",
            "ScalingConfig",
        ],
        &["Tags"],
    )?;
    let response_types = properties
        .get("FunctionResponseTypes")
        .map(|types| types.items())
        .transpose()?
        .unwrap_or_default();
    for response_type in &response_types {
        one_of(response_type, &["ReportBatchItemFailures"])?;
    }
    if let Some(metrics) = properties.get("MetricsConfig") {
        metrics.refuse_unknown(&["Metrics"], &[])?;
        for metric in metrics.require("Metrics")?.items()? {
            one_of(&metric, &["EventCount"])?;
        }
    }
    let filter = properties.get("FilterCriteria");
    let filter = filter.map(|criteria| EventFilter::read(&criteria));
    let window = optional_number(properties, "MaximumBatchingWindowInSeconds", names)?;
    Ok(QueueEvent {
        queue: names.queue_by_arn(&properties.require("Queue")?)?,
        batch_size: optional_number(properties, "BatchSize", names)?.unwrap_or(DEFAULT_BATCH_SIZE),
        batching_window: Duration::from_secs(window.unwrap_or(0)),
        reports_item_failures: !response_types.is_empty(),
        maximum_concurrency: maximum_concurrency(properties, names)?,
        filter: filter.transpose()?.unwrap_or_default(),
    })
}

/// How many batches are made at once at most, if the template says so, by either of two settings that exclude each other.
fn maximum_concurrency(properties: &Place<'_>, names: &Names) -> anyhow::Result<Option<usize>> {
    let scaling = properties.get("ScalingConfig");
    let pollers = properties.get("ProvisionedPollerConfig");
    match (scaling, pollers) {
        (Some(_), Some(pollers)) => bail!("{}: excludes ScalingConfig", pollers.path()),
        (Some(scaling), None) => {
            scaling.refuse_unknown(&["MaximumConcurrency"], &[])?;
            number_between(&scaling, "MaximumConcurrency", CONCURRENCY, names)
        }
        (None, Some(pollers)) => {
            pollers.refuse_unknown(&["MaximumPollers", "MinimumPollers"], &[])?;
            let least = number_between(&pollers, "MinimumPollers", LEAST_POLLERS, names)?;
            let most = number_between(&pollers, "MaximumPollers", MOST_POLLERS, names)?;
            if least.zip(most).is_some_and(|(least, most)| least > most) {
                bail!(
                    "{}: MinimumPollers is more than MaximumPollers",
                    pollers.path()
                );
            }
            Ok(most.map(|pollers| pollers * BATCHES_OF_A_POLLER))
        }
        (None, None) => Ok(None),
    }
}

fn number_between(
    place: &Place<'_>,
    key: &str,
    allowed: RangeInclusive<usize>,
    names: &Names,
) -> anyhow::Result<Option<usize>> {
    let number = optional_number(place, key, names)?;
    if let Some(number) = number
        && !allowed.contains(&number)
    {
        let (least, most) = (allowed.start(), allowed.end());
        bail!("{}.{key}: expected {least} to {most}", place.path());
    }
    Ok(number)
}

fn schedule(name: &str, properties: &Place<'_>) -> anyhow::Result<ScheduleEvent> {
    properties.refuse_unknown(
        &["Enabled", "Input", "Schedule", "ScheduleExpression"],
        &[
            "Description",
            "FlexibleTimeWindow",
            "Name",
            "RetryPolicy",
            "ScheduleExpressionTimezone",
        ],
    )?;
    let expression = properties
        .get("Schedule")
        .map_or_else(|| properties.require("ScheduleExpression"), Ok)?;
    Ok(ScheduleEvent {
        name: name.to_owned(),
        every: schedule_expression::parse(&expression.text()?)
            .with_context(|| expression.path().to_owned())?,
        input: properties
            .get("Input")
            .map(|input| input.text())
            .transpose()?,
    })
}

fn optional_number<T: TryFrom<i64>>(
    place: &Place<'_>,
    key: &str,
    names: &Names,
) -> anyhow::Result<Option<T>> {
    let number = place.get(key).map(|value| names.number(&value));
    Ok(number.transpose()?.flatten())
}
