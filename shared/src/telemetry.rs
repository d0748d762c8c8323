//! Logs: one JSON object per line, with the fields of the enclosing spans, and metrics as a part of lines; the trace of a request. `docs/logs.md` lists
//! the fields, `docs/metrics.md` the metrics.
//!
//! Ids are logged; people, bodies and secrets are not. A failure is logged once, where it is handled.

#[cfg(test)]
pub(crate) mod captured;
mod fields;
mod lines;
#[cfg(test)]
mod listed;
pub mod metrics;
pub mod trace_context;

use std::fmt::Display;
use std::io::Write;

use tracing::field::display;
use tracing::{Span, Subscriber};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::config;
use crate::telemetry::metrics::Origin;

/// After each failure that they retry, the SDKs log as an error that they cannot close our connection. It closes
/// itself.
const NEVER: &str = "aws_smithy_runtime::client::http::connection_poisoning";

/// Starts logging to standard output, at the levels that `RUST_LOG` sets.
pub fn start() {
    let levels = config::optional(config::RUST_LOG);
    let write = |line: &str| {
        // A closed standard output must not stop the function.
        std::io::stdout().lock().write_all(line.as_bytes()).ok();
    };
    metrics::start();
    logging_of(Origin::of_environment(), levels.as_deref(), write).init();
}

/// Logging that passes each line to `write`: to standard output, or to the memory of a test. If levels are missing or
/// invalid, the level is `info`. Levels are set by target only: a filter by fields would link a regex engine.
pub fn logging(
    levels: Option<&str>,
    write: impl Fn(&str) + Send + Sync + 'static,
) -> impl Subscriber {
    logging_of(Origin::default(), levels, write)
}

fn logging_of(
    origin: Origin,
    levels: Option<&str>,
    write: impl Fn(&str) + Send + Sync + 'static,
) -> impl Subscriber {
    let levels = levels.and_then(|levels| levels.parse().ok());
    let levels = levels.unwrap_or_else(|| Targets::new().with_default(LevelFilter::INFO));
    let levels = levels
        .with_target(NEVER, LevelFilter::OFF)
        .with_target(metrics::TARGET, LevelFilter::INFO);
    let lines = lines::Lines { write, origin };
    tracing_subscriber::registry().with(lines).with(levels)
}

/// Sets a field that the current span declared as empty. All later lines in the span include it.
pub fn set_field(field: &'static str, value: &dyn Display) {
    Span::current().record(field, display(value));
}

/// An error and its causes on one line.
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

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use tracing::field::Empty;
    use tracing::{info, info_span, warn};

    use super::*;
    use crate::telemetry::captured::Captured;

    fn lines_of(work: impl FnOnce()) -> Vec<Value> {
        let captured = Captured::start();
        work();
        captured.lines()
    }

    #[test]
    fn a_line_is_flat_and_has_the_fields_of_all_spans_around_it() {
        let lines = lines_of(|| {
            let request = info_span!("request", request_id = "r-1", client_id = Empty);
            request.in_scope(|| {
                info!("before");
                set_field("client_id", &"demo");
                info_span!("call", partner = "OTHER", status = Empty).in_scope(|| {
                    set_field("status", &502);
                    warn!(duration_ms = 12, is_late = true, "call failed");
                });
                info!("after");
            });
        });
        assert_eq!(
            lines,
            [
                json!({ "level": "INFO", "message": "before", "request_id": "r-1" }),
                json!({
                    "level": "WARN", "message": "call failed", "duration_ms": 12, "is_late": true,
                    "partner": "OTHER", "status": "502", "request_id": "r-1", "client_id": "demo",
                }),
                json!({ "level": "INFO", "message": "after", "request_id": "r-1", "client_id": "demo" }),
            ]
        );
    }

    #[test]
    fn an_inner_or_later_field_replaces_the_outer_or_earlier_one() {
        let lines = lines_of(|| {
            let request = info_span!("request", order_number = "far", alias = "first");
            let _far = request.enter();
            set_field("alias", &"second");
            let message = info_span!("message", order_number = "near");
            let _near = message.enter();
            info!(alias = "own", "told");
            info!("told");
        });
        let own =
            json!({ "level": "INFO", "message": "told", "alias": "own", "order_number": "near" });
        let around = json!({ "level": "INFO", "message": "told", "alias": "second", "order_number": "near" });
        assert_eq!(lines, [own, around]);
    }

    #[test]
    fn any_text_is_written_as_json() {
        let odd = "a \"quoted\" \\ text,\n\r\t\u{0}\u{1f} äß\u{2028}";
        let lines = lines_of(
            || info!(text = odd, shown = %odd, debugged = ?odd, absent = None::<u16>, "{odd}"),
        );
        let debugged = format!("{odd:?}");
        assert_eq!(
            lines,
            [
                json!({ "level": "INFO", "message": odd, "text": odd, "shown": odd, "debugged": debugged })
            ]
        );
    }

    #[test]
    fn the_invocation_id_of_the_runtime_is_renamed_and_only_in_lines_about_failures() {
        let lines = lines_of(|| {
            let span = info_span!(
                "Lambda runtime invoke",
                requestId = "i-1",
                xrayTraceId = "Root=1"
            );
            span.in_scope(|| {
                info!("here");
                warn!("failed");
            });
        });
        assert_eq!(
            lines,
            [
                json!({ "level": "INFO", "message": "here" }),
                json!({ "level": "WARN", "message": "failed", "invocation_id": "i-1" }),
            ]
        );
    }

    #[test]
    fn a_disabled_level_writes_nothing() {
        let lines = lines_of(|| {
            tracing::debug_span!("call", partner = "OTHER").in_scope(|| tracing::debug!("quiet"));
        });
        assert_eq!(lines, Vec::<Value>::new());
    }
}
