//! Notifications per second from the push to the client, with one function instance per concurrent push.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use local::stack::{Options, Stack};
use serde::Serialize;
use tokio::task::JoinSet;

use crate::Binaries;
use crate::figure::{number, rounded};
use crate::pushes::Pusher;

/// Concurrent pushes.
const PUSHERS: usize = 8;
const PATIENCE: Duration = Duration::from_mins(5);

/// Throughput on this machine, which also runs the emulators.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Speed {
    /// Measured from the first push to the last delivery.
    pub notifications_per_second: f64,
}

pub(super) async fn measure(binaries: &Binaries, notifications: usize) -> anyhow::Result<Speed> {
    let stack = Stack::start(Options {
        instance_limit: PUSHERS,
        ..binaries.options()
    })
    .await?;
    let pusher = Pusher::new(&stack)?;
    let began = Instant::now();
    let mut pushers = JoinSet::new();
    for first in 0..PUSHERS {
        pushers.spawn(push_every(pusher.clone(), first, notifications));
    }
    while let Some(pushed) = pushers.join_next().await {
        pushed??;
    }
    let sink = stack.sink().context("the stack has no sink")?;
    sink.wait_for(notifications, PATIENCE).await?;
    let seconds = began.elapsed().as_secs_f64();
    stack.stop().await;
    let count = number(u64::try_from(notifications)?);
    Ok(Speed {
        notifications_per_second: rounded(count / seconds),
    })
}

/// The share of one of the concurrent pushers.
async fn push_every(pusher: Pusher, first: usize, notifications: usize) -> anyhow::Result<()> {
    for shipment in (first..notifications).step_by(PUSHERS) {
        pusher.push(&format!("P{shipment}"), 0).await?;
    }
    Ok(())
}
