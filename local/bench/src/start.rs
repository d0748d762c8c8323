//! The start time of each function, compared with an empty function's in the same minute.

use std::collections::BTreeMap;
use std::time::Duration;

use local::instances::{Function, FunctionSettings};
use local::log::Log;
use local::runtime_api::RuntimeApi;
use local::stack::Stack;
use serde::Serialize;

use crate::Binaries;
use crate::budgets::START_RATIO;
use crate::figure::{Figure, quantile};

/// Start times in milliseconds.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Start {
    /// A function of `lambda_runtime` that does nothing.
    pub empty: Times,
    /// The functions, by name.
    pub functions: BTreeMap<String, StartOfFunction>,
}

/// The starts of one function.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StartOfFunction {
    /// Its start times.
    #[serde(flatten)]
    pub times: Times,
    /// The medians, as a multiple of the empty function's.
    pub ratio: Figure,
}

/// Quantiles in milliseconds.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Times {
    /// The median.
    pub median_ms: f64,
    /// The 90th percentile.
    pub p90_ms: f64,
}

/// Measures in rounds, so that other load on the machine affects all functions alike.
pub(super) async fn measure(binaries: &Binaries, starts: usize) -> anyhow::Result<Start> {
    let stack = Stack::start(binaries.options()).await?;
    let empty = empty_function(binaries).await?;
    let mut empty_took = Vec::new();
    let mut took: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    // The first round reads the binaries from disk and is not counted.
    for round in 0..=starts {
        let keep = |times: &mut Vec<f64>, time: Duration| {
            if round > 0 {
                times.push(time.as_secs_f64() * 1000.0);
            }
        };
        keep(&mut empty_took, empty.time_start().await?);
        for name in binaries.functions.keys() {
            let time = stack.time_start(name).await?;
            keep(took.entry(name.clone()).or_default(), time);
        }
    }
    stack.stop().await;
    let empty = times(&empty_took);
    let functions = took
        .into_iter()
        .map(|(name, took)| (name, of_function(&took, empty)))
        .collect();
    Ok(Start { empty, functions })
}

fn of_function(took: &[f64], empty: Times) -> StartOfFunction {
    let times = times(took);
    StartOfFunction {
        times,
        ratio: Figure::new(times.median_ms / empty.median_ms, START_RATIO),
    }
}

fn times(took: &[f64]) -> Times {
    Times {
        median_ms: quantile(took, 0.5),
        p90_ms: quantile(took, 0.9),
    }
}

async fn empty_function(binaries: &Binaries) -> anyhow::Result<std::sync::Arc<Function>> {
    let settings = FunctionSettings {
        name: "empty-function".to_owned(),
        program: binaries.empty.clone(),
        timeout: Duration::from_secs(1),
        memory_mb: 128,
        environment: BTreeMap::new(),
        instance_limit: 1,
    };
    Ok(Function::new(
        settings,
        RuntimeApi::start().await?,
        Log::captured(),
    ))
}
