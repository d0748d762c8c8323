//! Return orders and the warehouse's results, compared with pushes in the same run. The queues are held until every request
//! is answered, so that deliveries do not compete with the requests.

mod fold;
mod systems;

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use anyhow::Context as _;
use jiff::Timestamp;
use local::stack::{Options, Stack};
use serde::Serialize;
use simulators::sink::{ReceivedRequest, Sink};
use tokio::time::{interval, timeout};

use crate::Binaries;
use crate::budgets::{FOLD_MS, PROCESSING_RATIO, PROCESSING_WRITES, RETURN_CALLS};
use crate::figure::{Figure, number, quantile, rounded};
use crate::memory::PUSH;
use crate::pushes::{Pusher, STEPS};
use crate::scenario::calls::{Calls, Counter, is_read};
use crate::scenario::progress::bar;
use crate::scenario::returns::systems::Systems;

const CREATE: &str = "return-order";
const PROCESS: &str = "return-processing";
/// Requests of each kind before measuring: they open connections and read the configuration.
const WARM_UP: usize = 20;
/// Return orders to measure.
const RETURNS: usize = 500;
/// The demo's endpoints for a warehouse's results.
const ACKS: &str = "acks";
const UPDATES: &str = "returns";
/// How often the sink is looked at.
const LOOK: Duration = Duration::from_millis(100);
const PATIENCE: Duration = Duration::from_mins(5);

/// The measurements.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Returns {
    /// Return orders without an AWB.
    pub created: Requests,
    /// Results of both pieces of each: one passed, one failed.
    pub processed: Requests,
    /// Pushes, in turn with the results.
    pub pushed: Requests,
    /// AWS calls of a return order.
    pub return_calls: Figure,
    /// AWS calls of results that write.
    pub processing_writes: Figure,
    /// The median of results, as a multiple of that of pushes.
    pub processing_ratio: Figure,
    /// `RETURN_ORDER_ACK` at its endpoint.
    pub acks: Arrived,
    /// `RETURNS_PROCESSING_UPDATE` at its endpoint.
    pub updates: Arrived,
    /// The median time to fold a return order with 1,000 events, in this process.
    pub fold_ms: Figure,
}

/// Requests of one kind.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Requests {
    /// Their number.
    pub count: usize,
    /// Time at the gateway: the median.
    pub p50_ms: f64,
    /// Time at the gateway: the 99th percentile.
    pub p99_ms: f64,
    /// AWS calls of each, without those that authenticate the caller.
    pub calls: BTreeMap<String, f64>,
}

/// Messages at an endpoint.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Arrived {
    /// Number of different messages.
    pub messages: usize,
    /// Number of requests for a message that had arrived before.
    pub duplicates: usize,
    /// Seconds from the release of the queues to the last one.
    pub seconds: f64,
}

/// Measures return orders, their results and the delivery of these.
pub(super) async fn measure(binaries: &Binaries) -> anyhow::Result<Returns> {
    let counter = Counter::default();
    let mut stack = Stack::start(Options {
        hold_queues: true,
        interceptor: Some(counter.interceptor()),
        ..binaries.options()
    })
    .await?;
    let run = Run::new(&stack, counter)?;
    run.create("W", WARM_UP).await?;
    run.process("W", WARM_UP).await?;

    let created = run.create("R", RETURNS).await?;
    let (processed, pushed) = run.process("R", RETURNS).await?;

    let sink = stack.sink().context("the stack has no sink")?.clone();
    let released = Timestamp::now();
    stack.release_queues();
    let told = WARM_UP + RETURNS;
    let (acks, updates) = (path_of(&stack, ACKS)?, path_of(&stack, UPDATES)?);
    let at_acks = all_arrive(&sink, &acks, told);
    let at_updates = all_arrive(&sink, &updates, told);
    let (at_acks, at_updates) = tokio::try_join!(at_acks, at_updates)?;
    stack.stop().await;

    let sum = |calls: &BTreeMap<String, f64>| hundredths(calls.values().sum());
    let mut writes = processed.calls.clone();
    writes.retain(|operation, _| !is_read(operation));
    Ok(Returns {
        return_calls: Figure::new(sum(&created.calls), RETURN_CALLS),
        processing_writes: Figure::new(sum(&writes), PROCESSING_WRITES),
        processing_ratio: Figure::new(processed.p50_ms / pushed.p50_ms, PROCESSING_RATIO),
        created,
        processed,
        pushed,
        acks: Arrived::of(&at_acks, released)?,
        updates: Arrived::of(&at_updates, released)?,
        fold_ms: Figure::new(fold::median_ms()?, FOLD_MS),
    })
}

/// The systems that send requests, and the counted calls.
struct Run {
    systems: Systems,
    aggregator: Pusher,
    counter: Counter,
    /// Tables whose calls authenticate the caller.
    keys: Vec<String>,
}

impl Run {
    fn new(stack: &Stack, counter: Counter) -> anyhow::Result<Self> {
        let table = |name: &str| {
            let table = stack.resources().tables.get(name);
            table
                .cloned()
                .with_context(|| format!("the template has no {name}"))
        };
        Ok(Self {
            systems: Systems::new(stack)?,
            aggregator: Pusher::new(stack)?,
            counter,
            keys: vec![table("ApiKeysTable")?, table("KeyUsesTable")?],
        })
    }

    /// Creates return orders. `name` begins their codes.
    async fn create(&self, name: &str, count: usize) -> anyhow::Result<Requests> {
        let before = self.counter.so_far();
        let progress = bar(count, "created");
        let mut took = Vec::with_capacity(count);
        for order in 0..count {
            took.push(self.systems.create(&format!("{name}{order}")).await?);
            progress.inc(1);
        }
        progress.finish_and_clear();
        self.requests(CREATE, &took, &before)
    }

    /// Reports the results of these return orders, in turn with pushes.
    async fn process(&self, name: &str, count: usize) -> anyhow::Result<(Requests, Requests)> {
        let before = self.counter.so_far();
        let progress = bar(count, "processed");
        let (mut processed, mut pushed) = (Vec::new(), Vec::new());
        for order in 0..count {
            let results = self.systems.process(name, order);
            let push = self.push(name, order);
            // The second request competes with the work started by the first, so the order alternates.
            if order % 2 == 0 {
                processed.push(results.await?);
                pushed.push(push.await?);
            } else {
                pushed.push(push.await?);
                processed.push(results.await?);
            }
            progress.inc(1);
        }
        progress.finish_and_clear();
        Ok((
            self.requests(PROCESS, &processed, &before)?,
            self.requests(PUSH, &pushed, &before)?,
        ))
    }

    async fn push(&self, name: &str, number: usize) -> anyhow::Result<Duration> {
        let shipment = format!("{name}{}", number / STEPS.len());
        self.aggregator.push(&shipment, number % STEPS.len()).await
    }

    fn requests(
        &self,
        function: &str,
        took: &[Duration],
        before: &Calls,
    ) -> anyhow::Result<Requests> {
        let took_ms = took.iter().map(|took| took.as_secs_f64() * 1000.0);
        let took_ms: Vec<f64> = took_ms.collect();
        let count = number(u64::try_from(took.len().max(1))?);
        let calls = self.counter.since(before, function, &self.keys).into_iter();
        Ok(Requests {
            count: took.len(),
            p50_ms: quantile(&took_ms, 0.5),
            p99_ms: quantile(&took_ms, 0.99),
            calls: calls
                .map(|(operation, calls)| (operation, rounded(number(calls) / count)))
                .collect(),
        })
    }
}

/// Rounded to hundredths, so that configuration reads, one per minute, do not count as calls of a request.
fn hundredths(calls: f64) -> f64 {
    (calls * 100.0).round() / 100.0
}

fn path_of(stack: &Stack, endpoint: &str) -> anyhow::Result<String> {
    let demo = stack.demo().context("the stack has no demo")?;
    let endpoint = demo
        .endpoints
        .get(endpoint)
        .with_context(|| format!("the demo has no endpoint {endpoint}"))?;
    Ok(reqwest::Url::parse(&endpoint.url)?.path().to_owned())
}

/// Waits until this many different messages are at a path. Looks now and then: the sink copies what it shows.
async fn all_arrive(sink: &Sink, path: &str, count: usize) -> anyhow::Result<Vec<ReceivedRequest>> {
    let arriving = async {
        let mut looks = interval(LOOK);
        loop {
            looks.tick().await;
            let received = sink.received_at(path);
            if different(&received) >= count {
                return received;
            }
        }
    };
    let arrived = timeout(PATIENCE, arriving).await;
    arrived.with_context(|| {
        let arrived = different(&sink.received_at(path));
        format!("only {arrived} of {count} messages arrived at {path}")
    })
}

/// Number of different messages.
fn different(received: &[ReceivedRequest]) -> usize {
    let ids = received.iter();
    let ids: HashSet<_> = ids
        .filter_map(|request| request.headers.get("webhook-id"))
        .collect();
    ids.len()
}

impl Arrived {
    fn of(received: &[ReceivedRequest], released: Timestamp) -> anyhow::Result<Self> {
        let mut last = released;
        for request in received {
            last = last.max(request.received_at.parse()?);
        }
        let messages = different(received);
        Ok(Self {
            messages,
            duplicates: received.len() - messages,
            seconds: rounded(last.duration_since(released).as_secs_f64()),
        })
    }
}
