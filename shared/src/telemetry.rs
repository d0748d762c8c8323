//! Logs: one JSON object a line, with the fields of the spans around it.
//!
//! Ids are logged; people, bodies and secrets are not. A failure is logged once, where it is handled.

use tracing_subscriber::EnvFilter;

/// Starts logging to standard output, at the level that `RUST_LOG` names (`info` when it names none).
pub fn start() {
    let filter = EnvFilter::builder()
        .with_default_directive(tracing::Level::INFO.into())
        .from_env_lossy();
    tracing_subscriber::fmt()
        .json()
        .with_env_filter(filter)
        .with_current_span(false)
        .with_target(false)
        .with_ansi(false)
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
