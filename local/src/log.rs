//! The log lines of the functions and the stack, each with its source.

use std::io::{IsTerminal as _, Write as _};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader};
use tokio::sync::Notify;

use crate::metrics::Metrics;

/// One log line and its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// The function's binary name, or `stack`.
    pub source: String,
    /// The line without its end.
    pub text: String,
}

/// The destination of log lines: standard error, or memory for a test.
#[derive(Debug, Clone)]
pub struct Log {
    captured: Option<Arc<Captured>>,
    coloured: bool,
    metrics: Metrics,
}

#[derive(Debug, Default)]
struct Captured {
    lines: Mutex<Vec<LogLine>>,
    more: Notify,
}

/// Terminal colours legible on light and dark backgrounds: cyan, green, yellow, blue, magenta, bright cyan.
const COLOURS: [u8; 6] = [36, 32, 33, 34, 35, 96];

impl Log {
    /// Prints to standard error, in colour if that is a terminal.
    pub fn to_terminal() -> Self {
        Self {
            captured: None,
            coloured: std::io::stderr().is_terminal(),
            metrics: Metrics::default(),
        }
    }

    /// Keeps the lines for [`Log::lines`] and prints nothing.
    pub fn captured() -> Self {
        Self {
            captured: Some(Arc::default()),
            coloured: false,
            metrics: Metrics::default(),
        }
    }

    /// The metrics of its lines.
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// Writes one line.
    pub fn line(&self, source: &str, text: &str) {
        self.metrics.read_line(text);
        if let Some(captured) = &self.captured {
            let mut lines = captured
                .lines
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            lines.push(LogLine {
                source: source.to_owned(),
                text: text.to_owned(),
            });
            captured.more.notify_waiters();
            return;
        }
        let line = if self.coloured {
            format!("\x1b[{}m{source}\x1b[0m {text}\n", colour(source))
        } else {
            format!("{source} {text}\n")
        };
        // A closed standard error must not stop the stack.
        std::io::stderr().write_all(line.as_bytes()).ok();
    }

    /// The lines captured so far.
    pub fn lines(&self) -> Vec<LogLine> {
        self.captured.as_ref().map_or_else(Vec::new, |captured| {
            captured
                .lines
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .clone()
        })
    }

    /// Waits until a captured line matches, and returns it. Never returns if lines are not captured.
    pub async fn wait_for(&self, matches: impl Fn(&LogLine) -> bool) -> LogLine {
        let Some(captured) = &self.captured else {
            return std::future::pending().await;
        };
        loop {
            let more = captured.more.notified();
            tokio::pin!(more);
            more.as_mut().enable();
            if let Some(line) = self.lines().into_iter().find(&matches) {
                return line;
            }
            more.await;
        }
    }

    /// Logs all lines of a child's stream until it ends.
    pub(crate) async fn follow(self, source: String, stream: impl AsyncRead + Unpin) {
        let mut reader = BufReader::new(stream);
        let mut line = Vec::new();
        while matches!(reader.read_until(b'\n', &mut line).await, Ok(length) if length > 0) {
            self.line(&source, String::from_utf8_lossy(&line).trim_end());
            line.clear();
        }
    }
}

fn colour(source: &str) -> u8 {
    let sum = source.bytes().map(usize::from).sum::<usize>();
    COLOURS.get(sum % COLOURS.len()).copied().unwrap_or(0)
}
