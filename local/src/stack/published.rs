//! `.local/stack.json`: the addresses of a running stack, for scripts. The file is written atomically once every part
//! accepts requests, and removed when the stack stops in order.

use std::path::{Path, PathBuf};

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

/// The file; dropping this removes it.
#[derive(Debug)]
pub(super) struct PublishedFile {
    path: PathBuf,
    content: Vec<u8>,
}

impl PublishedFile {
    pub(super) fn write(path: &Path, published: &Published) -> anyhow::Result<Self> {
        if let Some(directory) = path.parent() {
            private_file::directory(directory)?;
        }
        let content = serde_json::to_vec_pretty(published)?;
        private_file::write(path, &content)?;
        Ok(Self {
            path: path.to_owned(),
            content,
        })
    }
}

impl Drop for PublishedFile {
    fn drop(&mut self) {
        // Another stack may have replaced the file since.
        if std::fs::read(&self.path).is_ok_and(|content| content == self.content) {
            std::fs::remove_file(&self.path).ok();
        }
    }
}
