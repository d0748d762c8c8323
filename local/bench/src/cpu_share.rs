//! Holds processes to the processor share of a function with little memory, by a control group of the kernel (version 1 or
//! 2). Only root can make one.

use std::fs;
use std::path::{Path, PathBuf};
use std::process;

use anyhow::Context as _;

use crate::figure::number;

/// With this much memory a function has one processor. Less memory is a proportional share.
pub(super) const MB_OF_A_PROCESSOR: u32 = 1769;
/// How often Lambda hands out a share.
const PERIOD_US: u32 = 20_000;
const VERSION_1: &str = "/sys/fs/cgroup/cpu";
const VERSION_2: &str = "/sys/fs/cgroup";

/// A control group with a limited share of one processor.
pub(super) struct CpuShare {
    directory: PathBuf,
    is_version_2: bool,
}

impl CpuShare {
    /// A group without processes and without a limit.
    pub(super) fn new() -> anyhow::Result<Self> {
        let is_version_2 = Path::new(VERSION_2).join("cgroup.controllers").exists();
        let parent = if is_version_2 { VERSION_2 } else { VERSION_1 };
        let directory = Path::new(parent).join(format!("rms-bench-{}", process::id()));
        fs::create_dir(&directory).with_context(|| {
            format!(
                "cannot make the control group {}: run this scenario as root",
                directory.display()
            )
        })?;
        Ok(Self {
            directory,
            is_version_2,
        })
    }

    /// Moves a process into the group.
    pub(super) fn hold(&self, process: u32) -> anyhow::Result<()> {
        self.write("cgroup.procs", &process.to_string())
    }

    /// Limits the group to the share of a function with this much memory.
    pub(super) fn limit(&self, memory_mb: u32) -> anyhow::Result<()> {
        let quota = PERIOD_US * memory_mb / MB_OF_A_PROCESSOR;
        if self.is_version_2 {
            return self.write("cpu.max", &format!("{quota} {PERIOD_US}"));
        }
        self.write("cpu.cfs_period_us", &PERIOD_US.to_string())?;
        self.write("cpu.cfs_quota_us", &quota.to_string())
    }

    fn write(&self, file: &str, value: &str) -> anyhow::Result<()> {
        let path = self.directory.join(file);
        fs::write(&path, value).with_context(|| format!("cannot write {}", path.display()))
    }
}

impl Drop for CpuShare {
    /// Its processes have ended with their stack.
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir(&self.directory) {
            eprintln!("cannot remove {}: {error}", self.directory.display());
        }
    }
}

/// Memory in GB, as Lambda bills it.
pub(super) fn billed_gb(memory_mb: u32) -> f64 {
    number(memory_mb.into()) / 1024.0
}
