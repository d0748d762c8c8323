//! Log lines: one flat JSON object per event, with the fields of all enclosing spans.
//!
//! CloudWatch Logs Insights finds the fields of a flat object by name, whichever span set them. A span stores its
//! fields as serialised text, so that each line only copies them.

use std::fmt::Write;

use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::layer::{Context, Layer};
use tracing_subscriber::registry::LookupSpan;

use crate::clock;
use crate::telemetry::fields::Fields;
use crate::telemetry::metrics::{self, Origin};

/// Initial capacity: most lines are shorter.
const A_LINE: usize = 512;

/// Passes each line to `write`, with its newline.
pub(super) struct Lines<W> {
    pub(super) write: W,
    /// Where the metrics come from that lines carry.
    pub(super) origin: Origin,
}

impl<S, W> Layer<S> for Lines<W>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
    W: Fn(&str) + 'static,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(fields);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(fields) = span.extensions_mut().get_mut::<Fields>()
        {
            values.record(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut start = String::with_capacity(A_LINE);
        let (now, level) = (clock::now(), event.metadata().level());
        write!(start, r#"{{"timestamp":"{now:.3}","level":"{level}""#).ok();
        let mut line = Fields::behind(start);
        event.record(&mut line);
        // The id costs a tenth of a line, and is of use when an invocation went wrong.
        let has_invocation = *level <= Level::WARN;
        for span in context.event_scope(event).into_iter().flatten() {
            if let Some(around) = span.extensions().get::<Fields>() {
                line.add_missing(around, has_invocation);
            }
        }
        if let Some(tally) = metrics::due(event.metadata().target() == metrics::TARGET) {
            metrics::put_back(metrics::embed(&mut line, tally, &self.origin, now));
        }
        let mut text = line.into_text();
        text.push_str("}\n");
        (self.write)(&text);
    }
}
