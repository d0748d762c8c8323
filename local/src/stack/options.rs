//! How to start the stack.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::backends::{Elsewhere, Interceptor};
use crate::poller::BATCHES_AT_A_TIME;
use crate::surroundings;

/// The default is what a test wants: free ports, in memory, debug binaries, logs captured, nothing published.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own, set by name"
)]
pub struct Options {
    /// The port of the API; 0 takes a free one.
    pub port: u16,
    /// The directory that keeps the state from one run to the next.
    pub data: Option<PathBuf>,
    /// Whether the functions are built as for deployment.
    pub release: bool,
    /// Start DynamoDB and SQS with the template's tables and queues, and nothing else.
    pub backends_only: bool,
    /// The most instances of one function at a time.
    pub instance_limit: usize,
    /// Variables for every function, before those of the template.
    pub environment: BTreeMap<String, String>,
    /// Keep the log for [`crate::stack::Stack::log`] instead of printing it.
    pub capture_logs: bool,
    /// Whether [`crate::stack::Stack::calls`] counts.
    pub count_calls: bool,
    /// Leave messages in the queues until [`crate::stack::Stack::release_queues`].
    pub hold_queues: bool,
    /// The most batches of one queue that are under way at a time.
    pub batches_at_a_time: usize,
    /// Asked at every call to DynamoDB and SQS.
    pub interceptor: Option<Interceptor>,
    /// DynamoDB and SQS that somebody else runs, instead of the embedded ones; by default those that the environment
    /// names, if it does.
    pub elsewhere: Option<Elsewhere>,
    /// Where `stack.json` is written; `None` writes none.
    pub publish: Option<PathBuf>,
    /// The template.
    pub template: PathBuf,
    /// Executables by binary name; `None` builds the workspace's.
    pub binaries: Option<BTreeMap<String, PathBuf>>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            data: None,
            release: false,
            backends_only: false,
            instance_limit: 10,
            environment: BTreeMap::new(),
            capture_logs: true,
            count_calls: false,
            hold_queues: false,
            batches_at_a_time: BATCHES_AT_A_TIME,
            interceptor: None,
            elsewhere: Elsewhere::of_environment(),
            publish: None,
            template: surroundings::template(),
            binaries: None,
        }
    }
}

/// Where `cargo local` publishes what it runs.
pub fn published_at() -> PathBuf {
    surroundings::workspace().join(".local/stack.json")
}
