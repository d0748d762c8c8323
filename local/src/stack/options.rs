//! The options of a stack.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use crate::backends::{Elsewhere, Interceptor};
use crate::poller::BATCHES_AT_A_TIME;
use crate::surroundings;

/// The defaults suit a test: free ports, in memory, debug binaries, logs captured, nothing published.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an independent switch, set by name"
)]
pub struct Options {
    /// The port of the API; 0 selects a free one.
    pub port: u16,
    /// The directory that keeps the state between runs.
    pub data: Option<PathBuf>,
    /// Build the functions in release mode.
    pub release: bool,
    /// Start only DynamoDB and SQS, with the template's tables and queues.
    pub backends_only: bool,
    /// Maximum concurrent instances of one function.
    pub instance_limit: usize,
    /// Variables for every function; they override those of the template.
    pub environment: BTreeMap<String, String>,
    /// Keep the log for [`crate::stack::Stack::log`] instead of printing it.
    pub capture_logs: bool,
    /// Count calls for [`crate::stack::Stack::calls`].
    pub count_calls: bool,
    /// Leave messages in the queues until [`crate::stack::Stack::release_queues`].
    pub hold_queues: bool,
    /// Maximum concurrent batches of one queue.
    pub batches_at_a_time: usize,
    /// Consulted at every call to DynamoDB and SQS.
    pub interceptor: Option<Interceptor>,
    /// How long each call to DynamoDB or SQS is on its way, besides its execution: here they are a few microseconds away, in AWS
    /// milliseconds.
    pub round_trip: Duration,
    /// External DynamoDB and SQS instead of the embedded ones; by default those named in the environment, if any.
    pub elsewhere: Option<Elsewhere>,
    /// Where to write `stack.json`; `None` writes no file.
    pub publish: Option<PathBuf>,
    /// Path of the template.
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
            round_trip: Duration::ZERO,
            elsewhere: Elsewhere::of_environment(),
            publish: None,
            template: surroundings::template(),
            binaries: None,
        }
    }
}

/// The path of the `stack.json` of `cargo local`.
pub fn published_at() -> PathBuf {
    surroundings::workspace().join(".local/stack.json")
}
