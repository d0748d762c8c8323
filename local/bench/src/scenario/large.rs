//! Pushes with many events, compared with pushes of one event in the same run. The queue is held, so that deliveries do not
//! compete with the pushes.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use jiff::{Span, civil};
use local::demo::DemoAccount;
use local::stack::{Options, Stack};
use serde::Serialize;
use serde_json::{Value, json};
use simulators::http_client;
use tokio::time::Instant;

use crate::Binaries;
use crate::budgets::{LARGE_CALLS, LARGE_RATIO, LARGEST_SECONDS};
use crate::figure::{Figure, number, rounded};
use crate::memory::PUSH;
use crate::process::{cpu_time, resident_mb};

/// The demo's account whose aggregator pushes several events at once.
const ACCOUNT: &str = "shipway";
/// Pushes of one event before measuring: they open connections and read the configuration.
const WARM_UP: usize = 20;
/// Pushes of one event to compare with.
const SINGLE: usize = 300;
/// Events of the compared push.
const MANY: usize = 1000;
/// Events of the largest push.
const MOST: usize = 1900;
/// The limit of a push body.
const LARGEST: usize = 256 * 1024;
/// The gateway waits for 30 s.
const PATIENCE: Duration = Duration::from_secs(40);

/// The measurements. Every event is the first one of an unknown shipment.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Large {
    /// Of pushes with one event, one after the other.
    pub single: PerEvent,
    /// Of one push with 1,000 events.
    pub many: PerEvent,
    /// Of its repeat, before anything is delivered.
    pub repeated: PerEvent,
    /// The time per event of the push with 1,000 events, as a multiple of that of pushes with one event.
    pub time_ratio: Figure,
    /// AWS calls per event of the push with 1,000 events.
    pub calls_per_event: Figure,
    /// Number of events of the largest push.
    pub most_events: usize,
    /// Its size in bytes.
    pub most_bytes: usize,
    /// How long it took.
    pub most_seconds: Figure,
    /// CPU time of the function for it.
    pub most_cpu_ms: f64,
    /// Resident memory of the function at the end, in MB (10^6 bytes).
    pub memory_mb: f64,
}

/// Per event.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PerEvent {
    /// Number of events.
    pub events: usize,
    /// Time at the gateway.
    pub ms: f64,
    /// CPU time of the function.
    pub cpu_ms: f64,
    /// AWS calls by operation.
    pub calls: BTreeMap<String, f64>,
}

pub(super) async fn measure(binaries: &Binaries) -> anyhow::Result<Large> {
    let stack = Stack::start(Options {
        count_calls: true,
        hold_queues: true,
        instance_limit: 1,
        ..binaries.options()
    })
    .await?;
    let aggregator = Aggregator::new(&stack)?;
    for shipment in 0..WARM_UP {
        aggregator.push(&[event("W", shipment)]).await?;
    }

    let before = Moment::now(&stack)?;
    for shipment in 0..SINGLE {
        aggregator.push(&[event("S", shipment)]).await?;
    }
    let single = before.until_now(&stack, SINGLE)?;
    let feed = feed("M", MANY);
    let before = Moment::now(&stack)?;
    aggregator.push(&feed).await?;
    let many = before.until_now(&stack, MANY)?;
    let before = Moment::now(&stack)?;
    aggregator.push(&feed).await?;
    let repeated = before.until_now(&stack, MANY)?;
    let before = Moment::now(&stack)?;
    let most_bytes = aggregator.push(&self::feed("L", MOST)).await?;
    let most = before.until_now(&stack, MOST)?;
    let memory_mb = rounded(resident_mb(&stack, PUSH)?);
    stack.stop().await;

    let events = number(u64::try_from(MOST)?);
    Ok(Large {
        time_ratio: Figure::new(many.ms / single.ms, LARGE_RATIO),
        calls_per_event: Figure::new(many.calls.values().sum(), LARGE_CALLS),
        single,
        many,
        repeated,
        most_events: MOST,
        most_bytes,
        most_seconds: Figure::new(most.ms * events / 1000.0, LARGEST_SECONDS),
        most_cpu_ms: rounded(most.cpu_ms * events),
        memory_mb,
    })
}

/// The counters at one moment.
struct Moment {
    at: Instant,
    cpu: Duration,
    calls: BTreeMap<String, u64>,
}

impl Moment {
    fn now(stack: &Stack) -> anyhow::Result<Self> {
        Ok(Self {
            cpu: cpu_time(stack, PUSH)?,
            calls: stack.calls(),
            at: Instant::now(),
        })
    }

    fn until_now(self, stack: &Stack, events: usize) -> anyhow::Result<PerEvent> {
        let took = self.at.elapsed();
        let count = number(u64::try_from(events)?);
        let per_event = |time: Duration| rounded(time.as_secs_f64() * 1000.0 / count);
        let more = |(name, now): (String, u64)| {
            let before = self.calls.get(&name).copied().unwrap_or(0);
            (now > before).then(|| (name, rounded(number(now - before) / count)))
        };
        Ok(PerEvent {
            events,
            ms: per_event(took),
            cpu_ms: per_event(cpu_time(stack, PUSH)?.saturating_sub(self.cpu)),
            calls: stack.calls().into_iter().filter_map(more).collect(),
        })
    }
}

/// The aggregator of the account.
pub(super) struct Aggregator {
    client: reqwest::Client,
    account: DemoAccount,
}

impl Aggregator {
    pub(super) fn new(stack: &Stack) -> anyhow::Result<Self> {
        let demo = stack.demo().context("the stack has no demo")?;
        let account = demo.accounts.get(ACCOUNT);
        Ok(Self {
            client: http_client::client()?,
            account: account.context("the demo has no such account")?.clone(),
        })
    }

    /// Pushes events, which must be taken with one request. Returns the size of the body.
    pub(super) async fn push(&self, events: &[Value]) -> anyhow::Result<usize> {
        let body = json!({ "status_feed": events }).to_string();
        let bytes = body.len();
        ensure!(bytes <= LARGEST, "{bytes} bytes are too many for a push");
        let mut request = self.client.post(&self.account.push_url).body(body);
        for (name, value) in &self.account.headers {
            request = request.header(name, value);
        }
        let answer = request.timeout(PATIENCE).send().await?;
        let status = answer.status();
        let text = answer.text().await?;
        ensure!(status == 200, "a push was not accepted: {status}: {text}");
        Ok(bytes)
    }
}

/// First events of unknown shipments.
pub(super) fn feed(name: &str, events: usize) -> Vec<Value> {
    (0..events).map(|shipment| event(name, shipment)).collect()
}

/// Events of one shipment, one second after the other.
pub(super) fn of_one_shipment(shipment: &str, first: usize, events: usize) -> Vec<Value> {
    let dawn = civil::date(2026, 11, 1).at(0, 0, 0, 0);
    let events = first..first + events;
    let at = |second: usize| dawn + Span::new().seconds(i64::try_from(second).unwrap_or_default());
    events
        .map(|second| {
            json!({
                "order_id": shipment,
                "awbno": format!("77{shipment}"),
                "current_status": "INT",
                "status_time": at(second).strftime("%F %T").to_string(),
                "carrier": "Delhivery Air",
            })
        })
        .collect()
}

fn event(name: &str, shipment: usize) -> Value {
    json!({
        "order_id": format!("{name}{shipment}"),
        "awbno": format!("77{name}{shipment:06}"),
        "current_status": "INT",
        "status_time": "2026-11-28 10:30:00",
        "carrier": "Delhivery Air",
    })
}
