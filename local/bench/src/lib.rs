//! `cargo local bench`: measures release builds of the functions against their budgets.
//!
//! Each file measures one thing: start time, size, memory, calls and CPU time, speed. The cost is computed from these.
//! The functions run as processes of the release binaries. The emulators run in this process, and their speed depends on
//! its build. So the speeds compare builds on one machine; they do not predict the speed in AWS.

mod against;
mod budgets;
mod cost;
mod cpu_share;
mod figure;
mod items;
mod labels;
mod machine;
mod memory;
mod prices;
mod process;
mod pushes;
mod report;
mod requests;
mod scenario;
mod sizes;
mod speed;
mod start;
mod traffic;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use local::binaries;
use local::stack::Options;
use local::template::Template;
use logistics::config::CLIENT_RATE;

pub use against::printed;
pub use report::Report;
pub use scenario::{Amount, Scenario, ScenarioReport};

/// How much is measured.
#[derive(Debug, Clone)]
pub struct BenchOptions {
    /// Number of notifications to count and time.
    pub notifications: usize,
    /// Number of labels to buy from each account.
    pub labels: usize,
    /// Number of starts of each function.
    pub starts: usize,
    /// Directory of the executables to measure, including `empty-function`; `None` builds the workspace's.
    pub executables: Option<PathBuf>,
}

/// The binaries that are measured.
struct Binaries {
    functions: BTreeMap<String, PathBuf>,
    empty: PathBuf,
}

/// Builds the functions in release mode and measures them. Progress goes to standard error.
pub async fn run(options: BenchOptions) -> anyhow::Result<Report> {
    let binaries = match &options.executables {
        Some(directory) => Binaries::of_directory(directory)?,
        None => build().await?,
    };
    progress("sizes");
    let size = sizes::measure(&binaries.functions)?;
    progress("start times");
    let start = start::measure(&binaries, options.starts).await?;
    progress("memory");
    let memory = memory::measure(&binaries).await?;
    progress("calls and CPU time");
    let traffic = traffic::measure(&binaries, options.notifications).await?;
    progress("speed");
    let speed = speed::measure(&binaries, options.notifications).await?;
    progress("labels");
    let labels = labels::measure(&binaries, options.labels).await?;
    let cost = cost::compute(&traffic)?;
    Report {
        machine: machine::facts(&options),
        start,
        memory,
        size,
        calls: traffic.calls,
        cpu: traffic.cpu,
        push: traffic.push,
        speed,
        labels,
        cost,
        missed: Vec::new(),
    }
    .judged()
}

/// Builds the functions in release mode and runs a load scenario.
pub async fn run_scenario(
    scenario: Scenario,
    amount: Amount,
    executables: Option<&Path>,
) -> anyhow::Result<ScenarioReport> {
    let binaries = match executables {
        Some(directory) => Binaries::of_directory(directory)?,
        None => build().await?,
    };
    progress("load scenario");
    scenario::run(scenario, &binaries, amount).await
}

async fn build() -> anyhow::Result<Binaries> {
    progress("release build of the functions");
    let names = function_names()?;
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    Ok(Binaries {
        functions: binaries::build(&names, true).await?,
        empty: binaries::build_empty_function().await?,
    })
}

fn function_names() -> anyhow::Result<Vec<String>> {
    let functions = Template::of_workspace()?.functions;
    Ok(functions
        .into_iter()
        .map(|function| function.binary)
        .collect())
}

impl Binaries {
    fn of_directory(directory: &Path) -> anyhow::Result<Self> {
        let directory = std::path::absolute(directory)?;
        let functions = function_names()?.into_iter();
        Ok(Self {
            functions: functions
                .map(|name| (name.clone(), directory.join(name)))
                .collect(),
            empty: directory.join("empty-function"),
        })
    }

    /// Options of a stack that runs these binaries.
    fn options(&self) -> Options {
        Options {
            binaries: Some(self.functions.clone()),
            // One client makes all requests, so its rate limit must not apply.
            environment: [(CLIENT_RATE.to_owned(), "1000000/1000000".to_owned())].into(),
            ..Options::default()
        }
    }
}

fn progress(what: &str) {
    eprintln!("bench: {what}");
}
