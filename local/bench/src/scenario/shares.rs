//! What the memory of a function is worth: a push, a label and a push with 1,000 events, each held to the processor share of a
//! function with that much memory. Each AWS call takes as long as it does inside a region.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use local::stack::{Options, Stack};
use serde::Serialize;
use tokio::time::interval;

use crate::Binaries;
use crate::budgets::SMALL_SECONDS;
use crate::cpu_share::{CpuShare, MB_OF_A_PROCESSOR, billed_gb};
use crate::figure::{Figure, number, quantile, rounded};
use crate::memory::PUSH;
use crate::prices::{FUNCTION_GB_SECOND, FUNCTION_REQUEST};
use crate::progress;
use crate::pushes::Pusher;
use crate::requests::Caller;
use crate::scenario::large::{Aggregator, feed};

const LABEL: &str = "generate-label";
/// The account that labels are bought with.
const ACCOUNT: &str = "magic";
/// The memory sizes, in MB; the last has a whole processor.
const SIZES: [u32; 5] = [128, 256, 512, 1024, MB_OF_A_PROCESSOR];
/// The round trip of an AWS call.
const ROUND_TRIP: Duration = Duration::from_millis(5);
/// Requests come one after the other at this pace, so that none has to pay for the share that the one before used up.
const PACE: Duration = Duration::from_millis(50);
/// Requests of each kind before measuring: they start the instances, and fill the caches.
const WARM_UP: usize = 20;
const REQUESTS: usize = 200;
const EVENTS: usize = 1000;

/// The measurements.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Shares {
    /// The round trip of each AWS call.
    pub round_trip_ms: f64,
    /// By memory in MB.
    pub memory: BTreeMap<u32, Share>,
}

/// With one size of memory.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Share {
    /// Pushes of one event.
    pub push: Timed,
    /// Labels.
    pub label: Timed,
    /// The time of one push with 1,000 events. The budget is that of the smallest size.
    pub thousand_events_seconds: Figure,
}

/// Requests of one kind, one after the other.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Timed {
    /// The median at the gateway.
    pub p50_ms: f64,
    /// The 99th percentile at the gateway.
    pub p99_ms: f64,
    /// The mean of the billed times.
    pub billed_ms: f64,
    /// What Lambda bills for a million.
    pub lambda_usd_per_million: f64,
}

/// Measures each size of memory.
pub(super) async fn measure(binaries: &Binaries) -> anyhow::Result<Shares> {
    let stack = Stack::start(Options {
        hold_queues: true,
        instance_limit: 1,
        round_trip: ROUND_TRIP,
        ..binaries.options()
    })
    .await?;
    let asked = Requests::new(&stack)?;
    let share = CpuShare::new()?;
    asked.warm_up().await?;
    for function in [PUSH, LABEL] {
        let ids = stack.process_ids(function);
        let id = ids.first().context("a function has no process")?;
        share.hold(*id)?;
    }
    let mut memory = BTreeMap::new();
    for size in SIZES {
        progress(&format!("{size} MB"));
        share.limit(size)?;
        memory.insert(size, asked.at(size).await?);
    }
    stack.stop().await;
    Ok(Shares {
        round_trip_ms: ROUND_TRIP.as_secs_f64() * 1000.0,
        memory,
    })
}

/// Who makes the requests.
struct Requests<'a> {
    stack: &'a Stack,
    pusher: Pusher,
    aggregator: Aggregator,
    caller: Caller<'a>,
}

impl<'a> Requests<'a> {
    fn new(stack: &'a Stack) -> anyhow::Result<Self> {
        Ok(Self {
            stack,
            pusher: Pusher::new(stack)?,
            aggregator: Aggregator::new(stack)?,
            caller: Caller::new(stack)?,
        })
    }

    async fn warm_up(&self) -> anyhow::Result<()> {
        for request in 0..WARM_UP {
            self.pusher.push(&format!("W{request}"), 0).await?;
            self.aggregator
                .push(&feed(&format!("W{request}-"), 1))
                .await?;
            self.caller.label(ACCOUNT, request).await?;
        }
        Ok(())
    }

    async fn at(&self, memory_mb: u32) -> anyhow::Result<Share> {
        let shipment = |request| format!("S{memory_mb}-{request}");
        let order = |request| request + REQUESTS * usize::try_from(memory_mb).unwrap_or_default();
        let push = async |request| self.pusher.push(&shipment(request), 0).await.map(drop);
        let label = async |request| self.caller.label(ACCOUNT, order(request)).await;
        let push = self.timed(PUSH, memory_mb, push).await?;
        let label = self.timed(LABEL, memory_mb, label).await?;
        let events = feed(&format!("L{memory_mb}-"), EVENTS);
        let began = Instant::now();
        self.aggregator.push(&events).await?;
        Ok(Share {
            push,
            label,
            thousand_events_seconds: Figure::new(began.elapsed().as_secs_f64(), SMALL_SECONDS),
        })
    }

    async fn timed(
        &self,
        function: &str,
        memory_mb: u32,
        request: impl AsyncFn(usize) -> anyhow::Result<()>,
    ) -> anyhow::Result<Timed> {
        let mut ticks = interval(PACE);
        let mut took_ms = Vec::with_capacity(REQUESTS);
        let before = self.stack.served(function);
        for number in 0..REQUESTS {
            ticks.tick().await;
            let began = Instant::now();
            request(number).await?;
            took_ms.push(began.elapsed().as_secs_f64() * 1000.0);
        }
        let served = self.stack.served(function).since(before);
        let billed_ms = number(u64::try_from(served.billed_ms)?) / number(u64::try_from(REQUESTS)?);
        let gb_seconds = billed_ms / 1000.0 * billed_gb(memory_mb);
        Ok(Timed {
            p50_ms: quantile(&took_ms, 0.5),
            p99_ms: quantile(&took_ms, 0.99),
            billed_ms: rounded(billed_ms),
            lambda_usd_per_million: rounded(
                FUNCTION_REQUEST.micro_usd + gb_seconds * FUNCTION_GB_SECOND.micro_usd,
            ),
        })
    }
}
