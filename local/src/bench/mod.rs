//! `cargo local bench`: what the functions cost, built as for deployment, beside what they may cost.
//!
//! One file measures one thing: start time, size, memory, calls and CPU time, speed; from those the cost is computed.
//! The functions are processes of the release binaries. The emulators around them belong to this process and are as
//! fast as its own build, so the speeds compare builds on one machine and promise nothing of AWS.

mod budgets;
mod cost;
mod figure;
mod items;
mod machine;
mod memory;
mod prices;
mod process;
mod pushes;
mod report;
mod requests;
mod sizes;
mod speed;
mod start;
mod traffic;

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::binaries;
use crate::stack::Options;
use crate::template::Template;

pub use report::Report;

/// How much is measured.
#[derive(Debug, Clone, Copy)]
pub struct BenchOptions {
    /// Notifications that are counted and timed.
    pub notifications: usize,
    /// Starts of each function.
    pub starts: usize,
}

/// The binaries that are measured.
struct Binaries {
    functions: BTreeMap<String, PathBuf>,
    empty: PathBuf,
}

/// Builds the functions as for deployment and measures them. Progress goes to standard error.
pub async fn run(options: BenchOptions) -> anyhow::Result<Report> {
    progress("building the functions in release");
    let binaries = build().await?;
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
    let cost = cost::compute(&traffic)?;
    Report {
        machine: machine::facts(options),
        start,
        memory,
        size,
        calls: traffic.calls,
        cpu: traffic.cpu,
        push: traffic.push,
        speed,
        cost,
        missed: Vec::new(),
    }
    .judged()
}

async fn build() -> anyhow::Result<Binaries> {
    let template = Template::of_workspace()?;
    let names: Vec<&str> = template
        .functions
        .iter()
        .map(|function| function.binary.as_str())
        .collect();
    Ok(Binaries {
        functions: binaries::build(&names, true).await?,
        empty: binaries::build_empty_function().await?,
    })
}

impl Binaries {
    /// A stack of them.
    fn options(&self) -> Options {
        Options {
            binaries: Some(self.functions.clone()),
            ..Options::default()
        }
    }
}

fn progress(what: &str) {
    eprintln!("bench: {what}");
}
