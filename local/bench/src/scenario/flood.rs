//! One client floods a route that other clients call at a steady pace: the steady clients' latency without and with the flood.
//!
//! The flood sends requests at a fixed rate, up to a limit of concurrent requests. The gateway, the emulators and all clients
//! share this machine's CPUs, so the flood slows the steady clients more than it would in AWS.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::Context as _;
use local::stack::{Options, Stack};
use logistics::config::CLIENT_RATE;
use serde::Serialize;
use simulators::http_client;
use tokio::task::JoinSet;
use tokio::time::{Instant, interval};

use crate::Binaries;
use crate::budgets::FLOOD_RATIO;
use crate::figure::{Figure, number, quantile, rounded};
use crate::scenario::clients::key_of;

/// A shipment that does not exist: one table read, no aggregator call.
const PATH: &str = "/shipments/none";
/// Half the template's rate limit, so that a small machine can exceed it many times over.
const RATE: &str = "25/50";
/// Within the rate limit, even if one instance serves all requests.
const STEADY_PACE: Duration = Duration::from_millis(50);
/// Ten times the rate limit.
const FLOOD_PACE: Duration = Duration::from_millis(4);
/// Requests that are not measured: instances start, and the flood uses up its burst.
const WARM_UP: usize = 40;
/// Steady clients: together they send enough requests for a 99th percentile within the rate limit of each.
const STEADY: usize = 5;
/// Concurrent requests per client. More would wait for this machine rather than for a function.
const AT_ONCE: usize = 8;
const TOO_MANY: u16 = 429;

/// The measurements.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Flood {
    /// Number of requests of the steady clients in each half.
    pub requests: usize,
    /// Number of these answered with 429.
    pub refused: u64,
    /// Without the flood: the median.
    pub quiet_p50_ms: f64,
    /// Without the flood: the 99th percentile.
    pub quiet_p99_ms: f64,
    /// With the flood: the median.
    pub flooded_p50_ms: f64,
    /// With the flood: the 99th percentile.
    pub flooded_p99_ms: f64,
    /// Requests per second of the flood.
    pub asked_per_second: f64,
    /// The share of these answered with 429.
    pub refused_share: f64,
    /// The 99th percentile with the flood, as a multiple of that without.
    pub p99_ratio: Figure,
}

/// Measures this many requests of each steady client without the flood, and as many with it.
pub(super) async fn measure(binaries: &Binaries, requests: usize) -> anyhow::Result<Flood> {
    let stack = Stack::start(Options {
        environment: [(CLIENT_RATE.to_owned(), RATE.to_owned())].into(),
        ..binaries.options()
    })
    .await?;
    let mut steady = Steady::default();
    for client in 0..STEADY {
        let api_key = key_of(&stack, &format!("steady-{client}")).await?;
        steady.0.push(Client::new(&stack, api_key)?);
    }
    let demo = stack.demo().context("the stack has no demo")?;
    let flooding = Client::new(&stack, demo.api_key.clone())?;

    steady.ask(WARM_UP).await?;
    let quiet = steady.ask(requests).await?;
    let flood = flooding.clone();
    let flood = tokio::spawn(async move { flood.ask(usize::MAX, FLOOD_PACE).await });
    steady.ask(WARM_UP).await?;
    let (asked, refused) = flooding.counts();
    let began = Instant::now();
    let beside = steady.ask(requests).await?;
    let seconds = began.elapsed().as_secs_f64();
    let (asked_then, refused_then) = flooding.counts();
    flood.abort();
    stack.stop().await;

    let asked = number(asked_then - asked);
    let ratio = quantile(&beside, 0.99) / quantile(&quiet, 0.99);
    Ok(Flood {
        requests: quiet.len(),
        refused: steady.refused(),
        quiet_p50_ms: quantile(&quiet, 0.5),
        quiet_p99_ms: quantile(&quiet, 0.99),
        flooded_p50_ms: quantile(&beside, 0.5),
        flooded_p99_ms: quantile(&beside, 0.99),
        asked_per_second: rounded(asked / seconds),
        refused_share: rounded(number(refused_then - refused) / asked),
        p99_ratio: Figure::new(ratio, FLOOD_RATIO),
    })
}

/// The steady clients.
#[derive(Default)]
struct Steady(Vec<Client>);

impl Steady {
    /// Sends this many requests of each; returns the latency of each request in milliseconds.
    async fn ask(&self, count: usize) -> anyhow::Result<Vec<f64>> {
        let mut asking = JoinSet::new();
        for client in &self.0 {
            let client = client.clone();
            asking.spawn(async move { client.ask(count, STEADY_PACE).await });
        }
        let mut took = Vec::new();
        while let Some(asked) = asking.join_next().await {
            took.extend(asked??);
        }
        Ok(took)
    }

    /// How many of their requests were refused.
    fn refused(&self) -> u64 {
        self.0.iter().map(|client| client.counts().1).sum()
    }
}

/// A client that sends requests at a fixed pace.
#[derive(Clone)]
struct Client {
    http: reqwest::Client,
    url: String,
    api_key: String,
    asked: Arc<AtomicU64>,
    refused: Arc<AtomicU64>,
}

impl Client {
    fn new(stack: &Stack, api_key: String) -> anyhow::Result<Self> {
        Ok(Self {
            http: http_client::client()?,
            url: format!("{}{PATH}", stack.base_url()),
            api_key,
            asked: Arc::default(),
            refused: Arc::default(),
        })
    }

    /// Sends this many requests; returns the latency of each in milliseconds.
    async fn ask(&self, count: usize, pace: Duration) -> anyhow::Result<Vec<f64>> {
        let mut ticks = interval(pace);
        let mut under_way = JoinSet::new();
        let mut took = Vec::new();
        for _ in 0..count {
            ticks.tick().await;
            while under_way.len() >= AT_ONCE {
                took.extend(under_way.join_next().await.transpose()?.transpose()?);
            }
            let client = self.clone();
            under_way.spawn(async move { client.ask_once().await });
            while let Some(answered) = under_way.try_join_next() {
                took.push(answered??);
            }
        }
        while let Some(answered) = under_way.join_next().await {
            took.push(answered??);
        }
        Ok(took)
    }

    async fn ask_once(&self) -> anyhow::Result<f64> {
        let began = Instant::now();
        let request = self.http.get(&self.url).bearer_auth(&self.api_key);
        let answer = request.send().await?;
        let status = answer.status().as_u16();
        answer.bytes().await?;
        self.asked.fetch_add(1, Ordering::Relaxed);
        if status == TOO_MANY {
            self.refused.fetch_add(1, Ordering::Relaxed);
        }
        Ok(began.elapsed().as_secs_f64() * 1000.0)
    }

    /// The number of requests, and of those refused.
    fn counts(&self) -> (u64, u64) {
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        (count(&self.asked), count(&self.refused))
    }
}
