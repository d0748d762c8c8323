//! One client's endpoints turn silent, all at once, while it goes on pushing: what that does to another client, and to the
//! client's own healthy endpoint.
//!
//! The stack has the instances and batches of `cargo local`; each run has a stack of its own. The attacker has no limit of
//! endpoints and lanes, so the attack is stronger than the default limits allow.

mod attacker;

use std::time::Duration;

use anyhow::Context as _;
use jiff::Timestamp;
use local::stack::{Options, Stack};
use logistics::config::{ENDPOINT_LIMITS, LOCAL_TARGETS};
use serde::Serialize;
use simulators::sink::ReceivedRequest;
use tokio::time::Instant;

use crate::Binaries;
use crate::budgets::{HOSTILE_FIRST_S, HOSTILE_OWN_RATIO, HOSTILE_RATIO};
use crate::figure::{Figure, quantile};
use crate::progress;
use crate::pushes::Pusher;
use crate::scenario::hostile::attacker::{Attack, Attacker, Manner};
use crate::scenario::steady::{Told, latencies, push_steadily};

/// The number of hostile endpoints in each run, and what they do.
const RUNS: [(usize, Manner); 4] = [
    (1, Manner::Silent),
    (4, Manner::Silent),
    (12, Manner::Silent),
    (12, Manner::OneInFifty),
];
const WARM_UP: usize = 20;
/// The pace of measured pushes.
const PACE: Duration = Duration::from_millis(125);
/// The pushes in 20 s.
const FIRST: usize = 160;
const FIRST_SECONDS: u64 = 20;
/// The pushes in the following 40 s.
const LATER: usize = 320;
const SECONDS: u64 = 60;
/// The attacker's pushes when its endpoints turn silent.
const BURST: usize = 60;
const BURST_PACE: Duration = Duration::from_millis(25);
/// And from then on.
const ATTACK_PACE: Duration = Duration::from_secs(1);
const ADDED: usize = 8;
const ADDED_EVERY: Duration = Duration::from_secs(6);
const PATIENCE: Duration = Duration::from_mins(3);

/// The measurements.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Hostile {
    /// One attack after the other.
    pub runs: Vec<Run>,
}

/// One attack.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Run {
    /// Number of hostile endpoints of 256 lanes; more are added during the attack.
    pub endpoints: usize,
    /// What they do.
    pub manner: Manner,
    /// From a push to the other client, before the attack.
    pub quiet: Latency,
    /// The same while the attacker pushes at the pace of the attack to endpoints that answer.
    pub calm: Latency,
    /// The same in the first 20 s of the attack.
    pub first: Latency,
    /// The same from then on.
    pub later: Latency,
    /// From the attacker's push to its healthy endpoint, before the attack.
    pub own_quiet: Latency,
    /// The same from 20 s after its beginning.
    pub own_later: Latency,
    /// The p99 of `first`, in seconds.
    pub first_p99_s: Figure,
    /// The p99 of `later`, as a multiple of that of `quiet`.
    pub later_ratio: Figure,
    /// The same, as a multiple of that of `calm`: without what the attacker's pushes cost a machine that all share.
    pub silence_ratio: Figure,
    /// The p99 of `ownLater`, as a multiple of that of `ownQuiet`.
    pub own_ratio: Figure,
}

/// Latencies.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Latency {
    /// Number of deliveries.
    pub count: usize,
    /// The median.
    pub p50_ms: f64,
    /// The 99th percentile.
    pub p99_ms: f64,
    /// The longest.
    pub max_ms: f64,
}

impl Latency {
    fn of(told: &[Told], arrived: &[ReceivedRequest]) -> anyhow::Result<Self> {
        let latencies = latencies(told, arrived)?;
        Ok(Self {
            count: latencies.len(),
            p50_ms: quantile(&latencies, 0.5),
            p99_ms: quantile(&latencies, 0.99),
            max_ms: quantile(&latencies, 1.0),
        })
    }
}

/// Measures all attacks.
pub(super) async fn measure(binaries: &Binaries) -> anyhow::Result<Hostile> {
    let mut runs = Vec::new();
    for (endpoints, manner) in RUNS {
        progress(&format!("{endpoints} hostile endpoints, {manner:?}"));
        let measured = Box::pin(run(binaries, endpoints, manner)).await?;
        runs.push(measured);
    }
    Ok(Hostile { runs })
}

async fn run(binaries: &Binaries, endpoints: usize, manner: Manner) -> anyhow::Result<Run> {
    let attacker = Attacker::start(endpoints + ADDED).await?;
    let stack = Stack::start(options(binaries, &attacker)).await?;
    let attack = attacker.connect(&stack, endpoints).await?;
    let other = Pusher::new(&stack)?;

    push_steadily(&other, "W", PACE, WARM_UP).await?;
    attack.push("W", PACE, WARM_UP).await?;
    let quiet = push_steadily(&other, "Q", PACE, FIRST).await?;
    let own_quiet = attack.push("Q", PACE, FIRST).await?;

    let calm = push_steadily(&other, "C", PACE, FIRST);
    let own_calm = attack.push("C", ATTACK_PACE, usize::try_from(FIRST_SECONDS)?);
    let (calm, own_calm) = tokio::try_join!(calm, own_calm)?;

    attacker.turn(manner);
    let settled = Timestamp::now() + Duration::from_secs(FIRST_SECONDS);
    let attacking = tokio::spawn(go_on(attack));
    let first = push_steadily(&other, "F", PACE, FIRST).await?;
    let later = push_steadily(&other, "L", PACE, LATER).await?;
    let mut own_later = attacking.await??;
    let own = WARM_UP + own_quiet.len() + own_calm.len() + own_later.len();
    own_later.retain(|one| one.at >= settled);

    let all = WARM_UP + quiet.len() + calm.len() + first.len() + later.len();
    let sink = stack.sink().context("the stack has no sink")?;
    let arrived = sink.wait_for(all, PATIENCE).await?;
    let own = attacker.own.wait_for(own, PATIENCE).await?;
    stack.stop().await;

    let [quiet, calm, first, later] = [
        Latency::of(&quiet, &arrived)?,
        Latency::of(&calm, &arrived)?,
        Latency::of(&first, &arrived)?,
        Latency::of(&later, &arrived)?,
    ];
    let own_quiet = Latency::of(&own_quiet, &own)?;
    let own_later = Latency::of(&own_later, &own)?;
    Ok(Run {
        endpoints,
        manner,
        first_p99_s: Figure::new(first.p99_ms / 1000.0, HOSTILE_FIRST_S),
        later_ratio: Figure::new(later.p99_ms / quiet.p99_ms, HOSTILE_RATIO),
        own_ratio: Figure::new(own_later.p99_ms / own_quiet.p99_ms, HOSTILE_OWN_RATIO),
        silence_ratio: Figure::new(later.p99_ms / calm.p99_ms, HOSTILE_RATIO),
        quiet,
        calm,
        first,
        later,
        own_quiet,
        own_later,
    })
}

fn options(binaries: &Binaries, attacker: &Attacker) -> Options {
    let mut options = binaries.options();
    let more = [
        (LOCAL_TARGETS.to_owned(), attacker.targets()),
        (ENDPOINT_LIMITS.to_owned(), "1000/100000".to_owned()),
    ];
    options.environment.extend(more);
    options
}

/// The attacker pushes, and adds endpoints.
async fn go_on(attack: Attack) -> anyhow::Result<Vec<Told>> {
    let end = Instant::now() + Duration::from_secs(SECONDS);
    let adding = tokio::spawn(attack.clone().add_endpoints(ADDED_EVERY, end));
    let mut told = attack.push("B", BURST_PACE, BURST).await?;
    let count = usize::try_from(SECONDS)?;
    told.extend(attack.push("A", ATTACK_PACE, count).await?);
    adding.await??;
    Ok(told)
}
