//! Pushes at a steady pace: how long each takes to be accepted and to arrive at the healthy clients.

use std::collections::BTreeMap;
use std::time::Duration;

use local::stack::{Options, Stack};
use serde::Serialize;
use simulators::sink::{ReceivedRequest, Sink};
use tokio::time::Instant;

use crate::Binaries;
use crate::figure::{number, quantile, rounded};
use crate::memory::{FORWARD, PUSH};
use crate::process::{cpu_time_of_all, largest_mb};
use crate::pushes::Pusher;
use crate::scenario::clients::{Clients, Kinds};
use crate::scenario::steady::{Told, latencies, push_steadily};

/// Well below the capacity of the emulators, so that their queueing is not measured, unless another rate is wanted.
const DELIVERIES_PER_SECOND: f64 = 60.0;
const FASTEST: Duration = Duration::from_millis(25);
/// Pushes before measuring: they create instances and connections, and read the configuration.
const WARM_UP: usize = 5;
const PATIENCE: Duration = Duration::from_mins(3);

/// The pushes, and the systems that receive them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Load {
    pub(super) kinds: Kinds,
    pub(super) pushes: usize,
    /// Pushes per second; `None`: well below the capacity of the emulators.
    pub(super) rate: Option<f64>,
}

/// The measurements.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Measured {
    /// Number of endpoints.
    pub endpoints: usize,
    /// Number of notifications that arrived at healthy clients.
    pub notifications: usize,
    /// These per second, from the first push to the last arrival.
    pub notifications_per_second: f64,
    /// Push latency at the gateway: the median.
    pub accept_p50_ms: f64,
    /// Push latency at the gateway: the 99th percentile.
    pub accept_p99_ms: f64,
    /// Latency from the push to a healthy client: the median.
    pub end_to_end_p50_ms: f64,
    /// Latency from the push to a healthy client: the 99th percentile.
    pub end_to_end_p99_ms: f64,
    /// CPU time of both functions per arrived notification.
    pub cpu_ms: f64,
    /// AWS calls per arrived notification.
    pub calls: BTreeMap<String, f64>,
    /// Resident memory of each function's largest process at the end, in MB (10^6 bytes).
    pub memory_mb: BTreeMap<&'static str, f64>,
}

impl Load {
    pub(super) async fn measure(self, binaries: &Binaries) -> anyhow::Result<Measured> {
        let clients = Clients::start(self.kinds).await?;
        let stack = Stack::start(Options {
            count_calls: true,
            environment: [("LOCAL_TARGETS".to_owned(), clients.targets())].into(),
            ..binaries.options()
        })
        .await?;
        clients.connect(&stack).await?;
        let aggregator = Pusher::new(&stack)?;
        self.push(&aggregator, "W", WARM_UP).await?;
        all_arrive(&clients.healthy, WARM_UP).await?;
        clients.healthy.iter().for_each(Sink::clear);

        let (calls, cpu) = (stack.calls(), cpu(&stack)?);
        let began = Instant::now();
        let told = self.push(&aggregator, "S", self.pushes).await?;
        let arrived = all_arrive(&clients.healthy, self.pushes).await?;
        let seconds = began.elapsed().as_secs_f64();
        let measured = self.figures(&stack, &told, &arrived, seconds, &calls, cpu)?;
        stack.stop().await;
        Ok(measured)
    }

    async fn push(
        self,
        aggregator: &Pusher,
        name: &str,
        count: usize,
    ) -> anyhow::Result<Vec<Told>> {
        let endpoints = self.kinds.healthy + self.kinds.slow + self.kinds.dead;
        let usual = number(u64::try_from(endpoints)?) / DELIVERIES_PER_SECOND;
        let pace = match self.rate {
            Some(rate) => Duration::try_from_secs_f64(1.0 / rate)?,
            None => Duration::from_secs_f64(usual).max(FASTEST),
        };
        push_steadily(aggregator, name, pace, count).await
    }

    fn figures(
        self,
        stack: &Stack,
        told: &[Told],
        arrived: &[ReceivedRequest],
        seconds: f64,
        calls: &BTreeMap<String, u64>,
        cpu_before: Duration,
    ) -> anyhow::Result<Measured> {
        let count = number(u64::try_from(arrived.len().max(1))?);
        let spent = cpu(stack)?.saturating_sub(cpu_before);
        let accept: Vec<f64> = told
            .iter()
            .map(|one| one.took.as_secs_f64() * 1000.0)
            .collect();
        let end_to_end = latencies(told, arrived)?;
        let more = |(name, now): (String, u64)| {
            let before = calls.get(&name).copied().unwrap_or(0);
            (name, rounded(number(now - before) / count))
        };
        Ok(Measured {
            endpoints: self.kinds.healthy + self.kinds.slow + self.kinds.dead,
            notifications: arrived.len(),
            notifications_per_second: rounded(count / seconds),
            accept_p50_ms: quantile(&accept, 0.5),
            accept_p99_ms: quantile(&accept, 0.99),
            end_to_end_p50_ms: quantile(&end_to_end, 0.5),
            end_to_end_p99_ms: quantile(&end_to_end, 0.99),
            cpu_ms: rounded(spent.as_secs_f64() * 1000.0 / count),
            calls: stack.calls().into_iter().map(more).collect(),
            memory_mb: memory(stack)?,
        })
    }
}

fn cpu(stack: &Stack) -> anyhow::Result<Duration> {
    Ok(cpu_time_of_all(stack, PUSH)? + cpu_time_of_all(stack, FORWARD)?)
}

fn memory(stack: &Stack) -> anyhow::Result<BTreeMap<&'static str, f64>> {
    let functions = [PUSH, FORWARD].into_iter();
    functions
        .map(|function| Ok((function, rounded(largest_mb(stack, function)?))))
        .collect()
}

/// Waits until each client has received this many, and returns all of them.
pub(super) async fn all_arrive(
    clients: &[Sink],
    each: usize,
) -> anyhow::Result<Vec<ReceivedRequest>> {
    let mut arrived = Vec::new();
    for client in clients {
        arrived.extend(client.wait_for(each, PATIENCE).await?);
    }
    Ok(arrived)
}
