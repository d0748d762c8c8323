//! Captures what a handler logs while it runs inside a test.

use std::sync::{Arc, Mutex, Once, PoisonError};

use logistics::telemetry;
use serde_json::Value;
use tracing::subscriber::DefaultGuard;

/// Logging of threads that capture nothing. Without it a line that another thread logs for the first time, while a capture
/// begins, may stay off for all threads: tracing remembers for each place in the code that no subscriber wants it.
static ELSEWHERE: Once = Once::new();

/// Makes every thread log, so that no place in the code is remembered as one that logs nothing.
pub(super) fn log_everywhere() {
    ELSEWHERE.call_once(|| {
        let nowhere = telemetry::logging(None, |_| {});
        // Fails if the process has set another one, which logs as well.
        let _ = tracing::subscriber::set_global_default(nowhere);
    });
}

/// The lines that this thread logs until this is dropped.
pub struct Logged {
    lines: Arc<Mutex<Vec<String>>>,
    _logging: DefaultGuard,
}

impl Logged {
    /// Starts capturing.
    pub fn from_now() -> Self {
        log_everywhere();
        let lines: Arc<Mutex<Vec<String>>> = Arc::default();
        let kept = Arc::clone(&lines);
        let logging = telemetry::logging(None, move |line| {
            let mut lines = kept.lock().unwrap_or_else(PoisonError::into_inner);
            lines.push(line.to_owned());
        });
        Self {
            lines,
            _logging: tracing::subscriber::set_default(logging),
        }
    }

    /// The lines in which this field has this value.
    pub fn with(&self, field: &str, value: &str) -> anyhow::Result<Vec<Value>> {
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let lines: Result<Vec<Value>, _> = lines
            .iter()
            .map(|line| serde_json::from_str(line))
            .collect();
        let mut lines = lines?;
        lines.retain(|line| line.get(field).is_some_and(|found| found == value));
        Ok(lines)
    }
}
