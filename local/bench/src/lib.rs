//! `cargo local bench`: what the functions cost, built as for deployment, beside what they may cost.
//!
//! One file measures one thing: start time, size, memory, calls and CPU time, speed; from those the cost is computed.
//! The functions are processes of the release binaries. The emulators around them belong to this process and are as
//! fast as its own build, so the speeds compare builds on one machine and promise nothing of AWS.

mod budgets;
mod cost;
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

pub use report::Report;
pub use scenario::{Amount, Scenario, ScenarioReport};

/// How much is measured.
#[derive(Debug, Clone)]
pub struct BenchOptions {
    /// Notifications that are counted and timed.
    pub notifications: usize,
    /// Labels of each account.
    pub labels: usize,
    /// Starts of each function.
    pub starts: usize,
    /// The executables in this directory are measured, `empty-function` among them; `None` builds the workspace's.
    pub executables: Option<PathBuf>,
}

/// The binaries that are measured.
struct Binaries {
    functions: BTreeMap<String, PathBuf>,
    empty: PathBuf,
}

/// Builds the functions as for deployment and measures them. Progress goes to standard error.
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

/// Builds the functions as for deployment and puts them under load.
pub async fn run_scenario(
    scenario: Scenario,
    amount: Amount,
    executables: Option<&Path>,
) -> anyhow::Result<ScenarioReport> {
    let binaries = match executables {
        Some(directory) => Binaries::of_directory(directory)?,
        None => build().await?,
    };
    progress("load");
    scenario::run(scenario, &binaries, amount).await
}

async fn build() -> anyhow::Result<Binaries> {
    progress("building the functions in release");
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

    /// A stack of them.
    fn options(&self) -> Options {
        Options {
            binaries: Some(self.functions.clone()),
            // One client makes all the requests.
            environment: [(CLIENT_RATE.to_owned(), "1000000/1000000".to_owned())].into(),
            ..Options::default()
        }
    }
}

fn progress(what: &str) {
    eprintln!("bench: {what}");
}
