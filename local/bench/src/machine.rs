//! The machine and the parameters of a run.

use std::process::Command;

use serde::Serialize;

use crate::BenchOptions;

/// Facts of the machine and the run.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Machine {
    /// CPUs that this process may use.
    pub cores: usize,
    /// Name of the CPU.
    pub cpu: Option<String>,
    /// Kernel release.
    pub kernel: Option<String>,
    /// Architecture of the functions.
    pub architecture: &'static str,
    /// Version of the compiler.
    pub rustc: Option<String>,
    /// Version of RMS Logistics.
    pub version: &'static str,
    /// Build profile of the emulators, the gateway and the client; the functions are release builds.
    pub stack_build: &'static str,
    /// Number of notifications counted and timed.
    pub notifications: usize,
    /// Number of starts of each function.
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
