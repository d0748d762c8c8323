//! CPU time and aggregator calls of a label, by account.
//!
//! A repeat of the same request does everything except the purchase: authentication, claim, answer. The difference is the
//! cost of the adapter, its calls and the records between them.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Context as _;
use local::stack::{Options, Stack};
use serde::Serialize;

use crate::Binaries;
use crate::budgets::CPU_CALL_MS;
use crate::figure::{Figure, number, rounded};
use crate::process::cpu_time;
use crate::requests::Caller;

const FUNCTION: &str = "generate-label";
/// Labels before measuring: they log in, connect and cache the configuration.
const WARM_UP: usize = 10;

/// The cost of a label from one account's aggregator.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Label {
    /// CPU time of the function's process per label.
    pub cpu_ms: f64,
    /// CPU time of a repeat of the same request.
    pub repeat_cpu_ms: f64,
    /// Aggregator calls per label.
    pub calls: f64,
    /// CPU time that each of these calls adds.
    pub added_ms_per_call: Figure,
}

pub(super) async fn measure(
    binaries: &Binaries,
    labels: usize,
) -> anyhow::Result<BTreeMap<String, Label>> {
    let stack = Stack::start(Options {
        instance_limit: 1,
        ..binaries.options()
    })
    .await?;
    let aliases: Vec<String> = stack
        .demo()
        .context("the stack has no demo")?
        .accounts
        .keys()
        .cloned()
        .collect();
    let mut measured = BTreeMap::new();
    for alias in aliases {
        let label = of(&stack, &alias, labels).await?;
        measured.insert(alias, label);
    }
    stack.stop().await;
    Ok(measured)
}

async fn of(stack: &Stack, alias: &str, labels: usize) -> anyhow::Result<Label> {
    let caller = Caller::new(stack)?;
    let simulators = stack.simulators().context("the stack has no simulators")?;
    for order in 0..WARM_UP {
        caller.label(alias, order).await?;
    }
    let asked = simulators.calls(alias)?.len();
    let orders = WARM_UP..WARM_UP + labels;
    let first = spent(stack, &caller, alias, orders.clone()).await?;
    let calls = simulators.calls(alias)?.len() - asked;
    let again = spent(stack, &caller, alias, orders).await?;
    let added = first.saturating_sub(again);
    let per = |time: Duration, count: usize| {
        let count = u64::try_from(count.max(1)).unwrap_or(u64::MAX);
        time.as_secs_f64() * 1000.0 / number(count)
    };
    Ok(Label {
        cpu_ms: rounded(per(first, labels)),
        repeat_cpu_ms: rounded(per(again, labels)),
        calls: rounded(number(u64::try_from(calls)?) / number(u64::try_from(labels)?)),
        added_ms_per_call: Figure::new(per(added, calls), CPU_CALL_MS),
    })
}

/// The CPU time that the function uses for these orders.
async fn spent(
    stack: &Stack,
    caller: &Caller<'_>,
    alias: &str,
    orders: std::ops::Range<usize>,
) -> anyhow::Result<Duration> {
    let before = cpu_time(stack, FUNCTION)?;
    for order in orders {
        caller.label(alias, order).await?;
    }
    Ok(cpu_time(stack, FUNCTION)?.saturating_sub(before))
}
