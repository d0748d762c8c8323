//! Where and with what a run was made.

use std::process::Command;

use serde::Serialize;

use crate::BenchOptions;

/// Facts of the machine and the run.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Machine {
    /// CPUs that this process may use.
    pub cores: usize,
    /// Their name.
    pub cpu: Option<String>,
    /// The kernel.
    pub kernel: Option<String>,
    /// Of the functions.
    pub architecture: &'static str,
    /// The compiler.
    pub rustc: Option<String>,
    /// Of RMS Logistics.
    pub version: &'static str,
    /// How the emulators, the gateway and the client were built; the functions are release builds.
    pub stack_build: &'static str,
    /// Notifications that were counted and timed.
    pub notifications: usize,
    /// Starts of each function.
    pub starts: usize,
}

pub(super) fn facts(options: &BenchOptions) -> Machine {
    Machine {
        cores: std::thread::available_parallelism().map_or(0, usize::from),
        cpu: cpu(),
        kernel: first_line("/proc/sys/kernel/osrelease"),
        architecture: std::env::consts::ARCH,
        rustc: rustc(),
        version: env!("CARGO_PKG_VERSION"),
        stack_build: if cfg!(debug_assertions) {
            "debug"
        } else {
            "release"
        },
        notifications: options.notifications,
        starts: options.starts,
    }
}

fn cpu() -> Option<String> {
    let facts = std::fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = facts.lines().find(|line| line.starts_with("model name"))?;
    let (_, name) = line.split_once(':')?;
    Some(name.trim().to_owned())
}

fn first_line(path: &str) -> Option<String> {
    let text = std::fs::read_to_string(path).ok()?;
    text.lines().next().map(str::to_owned)
}

fn rustc() -> Option<String> {
    let answer = Command::new("rustc").arg("--version").output().ok()?;
    let version = String::from_utf8(answer.stdout).ok()?;
    Some(version.trim().to_owned())
}
