//! AWS calls and CPU time per accepted and per delivered notification, with one endpoint.
//!
//! All pushes are made while the queue is held, then the queue is released. This separates the calls of acceptance from
//! those of delivery and fills the batches.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Context as _;
use local::instances::Served;
use local::stack::{Options, Stack};
use serde::Serialize;

use crate::Binaries;
use crate::budgets::{
    CALLS_ACCEPTED, CALLS_ACCEPTED_FIRST, CALLS_DELIVERED, CPU_ACCEPTED_MS, CPU_DELIVERED_MS,
};
use crate::figure::{Figure, number, quantile, rounded};
use crate::items::{self, StoredItems};
use crate::memory::{FORWARD, PUSH};
use crate::process::cpu_time;
use crate::pushes::{Pusher, STEPS};

/// Few enough that each batch finds ten lanes with a message.
const BATCHES_AT_A_TIME: usize = 2;
/// Pushes before counting starts; they create instances, connections and cached configuration.
const WARM_UP: usize = 20;
const PATIENCE: Duration = Duration::from_mins(5);
/// Without any call for this long, the work is done.
const QUIET: Duration = Duration::from_millis(500);
/// The poller's own calls, which AWS makes on behalf of a function and bills.
const POLLERS: [&str; 2] = ["AmazonSQS.ReceiveMessage", "AmazonSQS.DeleteMessageBatch"];

/// Calls by operation.
pub(super) type Calls = BTreeMap<String, f64>;

/// Everything measured in one run.
pub(super) struct Traffic {
    pub(super) calls: CallsReport,
    pub(super) cpu: Cpu,
    pub(super) push: PushLatency,
    pub(super) items: StoredItems,
}

/// AWS calls per notification.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CallsReport {
    /// The first notification of an unknown shipment.
    pub accepted_first: CallsOf,
    /// Every other one.
    pub accepted: CallsOf,
    /// Each delivery.
    pub delivered: CallsOf,
    /// The poller's calls for each delivery.
    pub poller: Calls,
}

/// Calls by operation, and their sum.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CallsOf {
    /// Calls by operation.
    pub operations: Calls,
    /// The sum.
    pub total: Figure,
}

/// CPU time of the functions' processes, in milliseconds.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Cpu {
    /// Of a push.
    pub accepted_ms: Figure,
    /// Of a delivery.
    pub delivered_ms: Figure,
    /// Mean number of messages in a batch.
    pub batch: f64,
    /// Billed wall time of a push.
    pub accepted_billed_ms: f64,
    /// Billed wall time of a delivery.
    pub delivered_billed_ms: f64,
}

/// Push latency at the gateway, one push after the other.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PushLatency {
    /// The median.
    pub p50_ms: f64,
    /// The 99th percentile.
    pub p99_ms: f64,
}

/// The counters at one moment; the difference of two is a measurement.
struct Moment {
    calls: BTreeMap<String, u64>,
    cpu: Duration,
    served: Served,
}

impl Moment {
    fn now(stack: &Stack, function: &str) -> anyhow::Result<Self> {
        Ok(Self {
            calls: stack.calls(),
            cpu: cpu_time(stack, function)?,
            served: stack.served(function),
        })
    }

    fn calls_since(&self, earlier: &Self, notifications: usize) -> Calls {
        let count = |calls: &BTreeMap<String, u64>, name| calls.get(name).copied().unwrap_or(0);
        self.calls
            .iter()
            .map(|(name, now)| (name, now - count(&earlier.calls, name)))
            .filter(|(_, more)| *more > 0)
            .map(|(name, more)| {
                (
                    name.clone(),
                    rounded(number(more) / count_of(notifications)),
                )
            })
            .collect()
    }

    fn cpu_ms_since(&self, earlier: &Self, notifications: usize) -> f64 {
        self.cpu.saturating_sub(earlier.cpu).as_secs_f64() * 1000.0 / count_of(notifications)
    }

    fn billed_ms_since(&self, earlier: &Self, notifications: usize) -> f64 {
        let billed = self.served.since(earlier.served).billed_ms;
        let billed = u64::try_from(billed).unwrap_or(u64::MAX);
        rounded(number(billed) / count_of(notifications))
    }
}

pub(super) async fn measure(binaries: &Binaries, notifications: usize) -> anyhow::Result<Traffic> {
    let mut stack = Stack::start(Options {
        count_calls: true,
        hold_queues: true,
        instance_limit: 1,
        batches_at_a_time: BATCHES_AT_A_TIME,
        ..binaries.options()
    })
    .await?;
    let shipments = (notifications / STEPS.len()).max(1);
    let pusher = Pusher::new(&stack)?;
    warm_up(&stack, &pusher).await?;

    let start = Moment::now(&stack, PUSH)?;
    let mut latencies = push_step(&pusher, shipments, 0).await?;
    let first = Moment::now(&stack, PUSH)?;
    for step in 1..STEPS.len() {
        latencies.extend(push_step(&pusher, shipments, step).await?);
    }
    let accepted = Moment::now(&stack, PUSH)?;

    let all = shipments * STEPS.len();
    let held = Moment::now(&stack, FORWARD)?;
    stack.release_queues();
    let sink = stack.sink().context("the stack has no sink")?;
    sink.wait_for(all + WARM_UP, PATIENCE).await?;
    quiet(&stack).await;
    let delivered = Moment::now(&stack, FORWARD)?;

    let items = items::measure(&stack).await?;
    stack.stop().await;
    let rest = all - shipments;
    Ok(Traffic {
        calls: calls(
            first.calls_since(&start, shipments),
            accepted.calls_since(&first, rest),
            delivered.calls_since(&held, all + WARM_UP),
        ),
        cpu: Cpu {
            accepted_ms: Figure::new(accepted.cpu_ms_since(&start, all), CPU_ACCEPTED_MS),
            delivered_ms: Figure::new(
                delivered.cpu_ms_since(&held, all + WARM_UP),
                CPU_DELIVERED_MS,
            ),
            batch: batch(&held, &delivered, all + WARM_UP),
            accepted_billed_ms: accepted.billed_ms_since(&start, all),
            delivered_billed_ms: delivered.billed_ms_since(&held, all + WARM_UP),
        },
        push: PushLatency {
            p50_ms: quantile(&latencies, 0.5),
            p99_ms: quantile(&latencies, 0.99),
        },
        items,
    })
}

async fn warm_up(stack: &Stack, pusher: &Pusher) -> anyhow::Result<()> {
    for count in 0..WARM_UP {
        pusher.push(&format!("W{count}"), 0).await?;
    }
    stack.invoke(FORWARD, r#"{"Records":[]}"#).await?;
    Ok(())
}

/// Pushes one step of every shipment; returns how long each push took, in milliseconds.
async fn push_step(pusher: &Pusher, shipments: usize, step: usize) -> anyhow::Result<Vec<f64>> {
    let mut latencies = Vec::with_capacity(shipments);
    for shipment in 0..shipments {
        let took = pusher.push(&format!("S{shipment}"), step).await?;
        latencies.push(took.as_secs_f64() * 1000.0);
    }
    Ok(latencies)
}

/// Waits until only polling calls are made.
pub(super) async fn quiet(stack: &Stack) {
    let work = || {
        let mut calls = stack.calls();
        calls.retain(|name, _| name != "AmazonSQS.ReceiveMessage");
        calls
    };
    let mut before = work();
    loop {
        tokio::time::sleep(QUIET).await;
        let now = work();
        if now == before {
            return;
        }
        before = now;
    }
}

fn calls(accepted_first: Calls, accepted: Calls, delivered: Calls) -> CallsReport {
    let (poller, delivered) = delivered
        .into_iter()
        .partition(|(name, _)| POLLERS.contains(&name.as_str()));
    CallsReport {
        accepted_first: calls_of(accepted_first, CALLS_ACCEPTED_FIRST),
        accepted: calls_of(accepted, CALLS_ACCEPTED),
        delivered: calls_of(delivered, CALLS_DELIVERED),
        poller,
    }
}

/// The sum, rounded to hundredths, so that configuration reads, one per minute, do not count as calls of a notification.
fn calls_of(operations: Calls, budget: f64) -> CallsOf {
    let total = operations.values().sum::<f64>();
    CallsOf {
        operations,
        total: Figure::new((total * 100.0).round() / 100.0, budget),
    }
}

fn batch(before: &Moment, after: &Moment, messages: usize) -> f64 {
    let batches = after.served.since(before.served).invocations;
    rounded(count_of(messages) / number(batches.max(1)))
}

fn count_of(notifications: usize) -> f64 {
    number(u64::try_from(notifications).unwrap_or(u64::MAX))
}
