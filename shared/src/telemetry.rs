//! Logs: one JSON object a line, with the fields of the spans around it.
//!
//! Ids are logged; people, bodies and secrets are not. A failure is logged once, where it is handled.

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::config;

/// Starts logging to standard output, at the levels that `RUST_LOG` names (`info` when it names none). Levels go by
/// target alone: a filter by fields would link a regex engine.
pub fn start() {
    let levels = config::optional(config::RUST_LOG).and_then(|levels| levels.parse().ok());
    let levels = levels.unwrap_or_else(|| Targets::new().with_default(LevelFilter::INFO));
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .with_current_span(false)
        .with_target(false)
        .with_ansi(false);
    tracing_subscriber::registry()
        .with(lines)
        .with(levels)
        .init();
}

/// An error with its causes, on one line.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut line = error.to_string();
    let mut cause = error.source();
    while let Some(source) = cause {
        line.push_str(": ");
        line.push_str(&source.to_string());
        cause = source.source();
    }
    line
}
