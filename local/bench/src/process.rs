//! Memory and CPU time of a process, from the kernel.

use std::time::Duration;

use anyhow::Context as _;
use local::stack::Stack;

/// `USER_HZ`: the unit of the times in `/proc`, the same on all of Linux.
const TICKS_PER_SECOND: u32 = 100;
/// The fields of `/proc/<pid>/stat` after the command's name, of which these are user and system time.
const USER_AND_SYSTEM: std::ops::Range<usize> = 11..13;

/// The resident memory in MB (10^6 bytes) of a function's only process.
pub(super) fn resident_mb(stack: &Stack, function: &str) -> anyhow::Result<f64> {
    resident_in(&read(stack, function, "status")?)
}

/// The resident memory in MB (10^6 bytes) of a function's largest process.
pub(super) fn largest_mb(stack: &Stack, function: &str) -> anyhow::Result<f64> {
    let mut largest = 0.0_f64;
    for id in stack.process_ids(function) {
        let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
        largest = largest.max(resident_in(&status)?);
    }
    Ok(largest)
}

fn resident_in(status: &str) -> anyhow::Result<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.trim().strip_suffix(" kB"));
    let kib: f64 = kib
        .context("no VmRSS in the process status")?
        .trim()
        .parse()?;
    Ok(kib * 1024.0 / 1e6)
}

/// The CPU time that a function's only process has used so far, including threads that ended.
pub(super) fn cpu_time(stack: &Stack, function: &str) -> anyhow::Result<Duration> {
    time_in(&read(stack, function, "stat")?)
}

fn time_in(stat: &str) -> anyhow::Result<Duration> {
    let (_, fields) = stat.rsplit_once(')').context("unknown format of stat")?;
    let mut ticks = 0;
    for field in fields
        .split_whitespace()
        .skip(USER_AND_SYSTEM.start)
        .take(USER_AND_SYSTEM.len())
    {
        ticks += field.parse::<u32>()?;
    }
    Ok(Duration::from_secs(1) * ticks / TICKS_PER_SECOND)
}

/// The CPU time that all processes of a function have used so far.
pub(super) fn cpu_time_of_all(stack: &Stack, function: &str) -> anyhow::Result<Duration> {
    let mut all = Duration::ZERO;
    for id in stack.process_ids(function) {
        all += time_in(&std::fs::read_to_string(format!("/proc/{id}/stat"))?)?;
    }
    Ok(all)
}

fn read(stack: &Stack, function: &str, file: &str) -> anyhow::Result<String> {
    let ids = stack.process_ids(function);
    let &[id] = ids.as_slice() else {
        anyhow::bail!("{function} has {} processes, expected 1", ids.len());
    };
    Ok(std::fs::read_to_string(format!("/proc/{id}/{file}"))?)
}
