//! Captures the log lines of a test in memory.

use std::sync::{Arc, Mutex, Once};

use jiff::Timestamp;
use serde_json::Value;
use tracing::subscriber::DefaultGuard;

use crate::clock;
use crate::telemetry::logging;

/// Logging of threads that capture nothing. Without it a line that another thread logs for the first time, while a capture
/// begins, may stay off for all threads: tracing remembers for each place in the code that no subscriber wants it.
static ELSEWHERE: Once = Once::new();

/// Captures the lines that this thread logs, until it is dropped.
pub(crate) struct Captured {
    lines: Arc<Mutex<Vec<String>>>,
    _logging: DefaultGuard,
}

impl Captured {
    pub(crate) fn start() -> Self {
        ELSEWHERE.call_once(|| {
            tracing::subscriber::set_global_default(logging(None, |_| {})).unwrap();
        });
        let lines: Arc<Mutex<Vec<String>>> = Arc::default();
        let kept = lines.clone();
        let logging = logging(None, move |line| kept.lock().unwrap().push(line.to_owned()));
        Self {
            lines,
            _logging: tracing::subscriber::set_default(logging),
        }
    }

    /// The captured lines, without timestamps.
    pub(crate) fn lines(&self) -> Vec<Value> {
        let lines = self.lines.lock().unwrap();
        lines.iter().map(|line| timeless(line)).collect()
    }
}

fn timeless(line: &str) -> Value {
    let line = line.strip_suffix('\n').unwrap();
    let mut parsed: Value = serde_json::from_str(line).unwrap();
    let timestamp = parsed.as_object_mut().unwrap().remove("timestamp").unwrap();
    let timestamp: Timestamp = timestamp.as_str().unwrap().parse().unwrap();
    assert!(timestamp.duration_until(clock::now()).as_secs() < 60);
    parsed
}
