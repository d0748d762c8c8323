//! Resident memory of each function after 100 and after 1,000 invocations.
//!
//! Push and forward are measured together: each push sends one message, and with one push at a time most batches have one
//! message.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Context as _;
use local::stack::{Options, Stack};
use serde::Serialize;

use crate::Binaries;
use crate::budgets::{MEMORY_GROWTH_MB, MEMORY_MB};
use crate::figure::{Figure, rounded};
use crate::process::resident_mb;
use crate::pushes::Pusher;
use crate::requests::Caller;

const EARLY: usize = 100;
const LATE: usize = 1000;
const PATIENCE: Duration = Duration::from_mins(1);
pub(super) const PUSH: &str = "notification-push";
pub(super) const FORWARD: &str = "notification-forward";

/// Resident memory in MB (10^6 bytes).
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Memory {
    /// By function.
    pub functions: BTreeMap<String, MemoryOfFunction>,
    /// Functions for which this program has no request.
    pub unmeasured: Vec<String>,
}

/// Memory of one function.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MemoryOfFunction {
    /// After 100 invocations.
    pub early_mb: f64,
    /// After 1,000.
    pub late_mb: Figure,
    /// Growth between the two.
    pub growth_mb: Figure,
    /// Actual number of invocations: forwarding takes waiting messages in one batch.
    pub invocations: u64,
}

pub(super) async fn measure(binaries: &Binaries) -> anyhow::Result<Memory> {
    let stack = Stack::start(Options {
        instance_limit: 1,
        ..binaries.options()
    })
    .await?;
    let mut memory = Memory::default();
    push_and_forward(&stack, &mut memory).await?;
    // Labels are created first, because other functions read them.
    for name in ["generate-label"].into_iter().chain(others(binaries)) {
        match called(&stack, name).await? {
            Some(measured) => {
                memory.functions.insert(name.to_owned(), measured);
            }
            None => memory.unmeasured.push(name.to_owned()),
        }
    }
    stack.stop().await;
    Ok(memory)
}

fn others(binaries: &Binaries) -> impl Iterator<Item = &str> {
    binaries
        .functions
        .keys()
        .map(String::as_str)
        .filter(|name| ![PUSH, FORWARD, "generate-label"].contains(name))
}

async fn push_and_forward(stack: &Stack, memory: &mut Memory) -> anyhow::Result<()> {
    let pusher = Pusher::new(stack)?;
    let sink = stack.sink().context("the stack has no sink")?;
    let mut early = BTreeMap::new();
    for count in 1..=LATE {
        pusher.push(&format!("M{count}"), 0).await?;
        if count == EARLY {
            sink.wait_for(count, PATIENCE).await?;
            for name in [PUSH, FORWARD] {
                early.insert(name, resident_mb(stack, name)?);
            }
        }
    }
    sink.wait_for(LATE, PATIENCE).await?;
    for (name, early) in early {
        let measured = of_function(stack, name, early)?;
        memory.functions.insert(name.to_owned(), measured);
    }
    Ok(())
}

async fn called(stack: &Stack, name: &str) -> anyhow::Result<Option<MemoryOfFunction>> {
    let caller = Caller::new(stack)?;
    let mut early = 0.0;
    for order in 1..=LATE {
        if !caller.call(name, order).await? {
            return Ok(None);
        }
        if order == EARLY {
            early = resident_mb(stack, name)?;
        }
    }
    of_function(stack, name, early).map(Some)
}

fn of_function(stack: &Stack, name: &str, early: f64) -> anyhow::Result<MemoryOfFunction> {
    let late = resident_mb(stack, name)?;
    Ok(MemoryOfFunction {
        early_mb: rounded(early),
        late_mb: Figure::new(late, MEMORY_MB),
        growth_mb: Figure::new(late - early, MEMORY_GROWTH_MB),
        invocations: stack.served(name).invocations,
    })
}
