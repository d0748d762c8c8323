//! Notifications per second from the push to the client, with one function instance per concurrent push, and the processor
//! time of a notification under that load.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use local::stack::{Options, Stack};
use serde::Serialize;
use tokio::task::JoinSet;

use crate::Binaries;
use crate::figure::{number, rounded};
use crate::memory::{FORWARD, PUSH};
use crate::process::cpu_time_of_all;
use crate::pushes::Pusher;

/// Concurrent pushes.
const PUSHERS: usize = 8;
/// Notifications before measuring: they start the instances and connect them.
const WARM_UP: usize = 5 * PUSHERS;
const PATIENCE: Duration = Duration::from_mins(5);

/// Throughput on this machine, which also runs the emulators.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Speed {
    /// Measured from the first push to the last delivery.
    pub notifications_per_second: f64,
    /// CPU time of both functions for a notification.
    pub cpu_ms: f64,
}

pub(super) async fn measure(binaries: &Binaries, notifications: usize) -> anyhow::Result<Speed> {
    let stack = Stack::start(Options {
        instance_limit: PUSHERS,
        ..binaries.options()
    })
    .await?;
    let pusher = Pusher::new(&stack)?;
    push_all(&stack, &pusher, "W", WARM_UP).await?;
    let cpu = || anyhow::Ok(cpu_time_of_all(&stack, PUSH)? + cpu_time_of_all(&stack, FORWARD)?);
    let (began, before) = (Instant::now(), cpu()?);
    push_all(&stack, &pusher, "P", notifications).await?;
    let seconds = began.elapsed().as_secs_f64();
    let spent = cpu()?.saturating_sub(before);
    stack.stop().await;
    let count = number(u64::try_from(notifications)?);
    Ok(Speed {
        notifications_per_second: rounded(count / seconds),
        cpu_ms: rounded(spent.as_secs_f64() * 1000.0 / count),
    })
}

/// Pushes this many notifications, and waits until all have arrived. `name` begins the shipments' names.
async fn push_all(
    stack: &Stack,
    pusher: &Pusher,
    name: &'static str,
    notifications: usize,
) -> anyhow::Result<()> {
    let mut pushers = JoinSet::new();
    for first in 0..PUSHERS {
        pushers.spawn(push_every(pusher.clone(), name, first, notifications));
    }
    while let Some(pushed) = pushers.join_next().await {
        pushed??;
    }
    let sink = stack.sink().context("the stack has no sink")?;
    sink.wait_for(notifications, PATIENCE).await?;
    sink.clear();
    Ok(())
}

/// The share of one of the concurrent pushers.
async fn push_every(
    pusher: Pusher,
    name: &str,
    first: usize,
    notifications: usize,
) -> anyhow::Result<()> {
    for shipment in (first..notifications).step_by(PUSHERS) {
        pusher.push(&format!("{name}{shipment}"), 0).await?;
    }
    Ok(())
}
