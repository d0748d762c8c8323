//! `.local/stack.json`: the addresses of a running stack, for scripts. The file is written atomically once every part
//! accepts requests, and removed when the stack stops in order. A lock beside it, which ends with the process, keeps the place
//! for one stack: a second one would take it over unnoticed.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use operator::running_stack::RunningStack;
use serde::{Deserialize, Serialize};

use crate::demo::Demo;
use crate::private_file;

/// The content of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Published {
    /// What operator commands need.
    #[serde(flatten)]
    pub stack: RunningStack,
    /// Absent when only the backends run.
    #[serde(flatten)]
    pub rest: Option<PublishedRest>,
}

/// The published data of a whole stack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PublishedRest {
    /// URL of the API.
    pub base_url: String,
    /// URL of the console.
    pub console_url: String,
    /// URL of the aggregator simulators.
    pub simulator_url: String,
    /// URL of the client sink.
    pub sink_url: String,
    /// URL at which `cargo local fire` runs scheduled functions.
    pub control_url: String,
    /// The demo client.
    #[serde(flatten)]
    pub demo: Demo,
}

/// The place of the file, taken by one stack.
#[derive(Debug)]
pub(super) struct PublishedPlace {
    path: PathBuf,
    /// Released when it is dropped or the process ends.
    _lock: File,
}

impl PublishedPlace {
    /// Takes the place, and removes what a killed stack left there.
    pub(super) fn take(path: &Path) -> anyhow::Result<Self> {
        if let Some(directory) = path.parent() {
            private_file::directory(directory)?;
        }
        let lock = path.with_extension("lock");
        let lock = File::create(&lock).with_context(|| format!("create {}", lock.display()))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => anyhow::bail!(
                "another stack runs in this directory, and {} has its addresses: stop it, or start this one in another checkout",
                path.display()
            ),
            Err(TryLockError::Error(error)) => return Err(error).context("lock"),
        }
        std::fs::remove_file(path).ok();
        Ok(Self {
            path: path.to_owned(),
            _lock: lock,
        })
    }

    /// Writes the file.
    pub(super) fn publish(self, published: &Published) -> anyhow::Result<PublishedFile> {
        private_file::write(&self.path, &serde_json::to_vec_pretty(published)?)?;
        Ok(PublishedFile(self))
    }
}

/// The file; dropping this removes it.
#[derive(Debug)]
pub(super) struct PublishedFile(PublishedPlace);

impl Drop for PublishedFile {
    fn drop(&mut self) {
        std::fs::remove_file(&self.0.path).ok();
    }
}
