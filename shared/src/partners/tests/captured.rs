//! What a test logs, in memory.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::DefaultGuard;
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;

/// The fields of a line and of the spans around it, with its level.
pub(crate) type Line = BTreeMap<String, String>;

/// The lines of this package that this thread logs until this is dropped.
pub(crate) struct Captured {
    lines: Arc<Mutex<Vec<Line>>>,
    _logging: DefaultGuard,
}

impl Captured {
    pub(crate) fn start() -> Self {
        let lines: Arc<Mutex<Vec<Line>>> = Arc::default();
        let capturing = tracing_subscriber::registry().with(Capturing(lines.clone()));
        Self {
            lines,
            _logging: tracing::subscriber::set_default(capturing),
        }
    }

    pub(crate) fn lines(&self) -> Vec<Line> {
        self.lines.lock().unwrap().clone()
    }
}

struct Capturing(Arc<Mutex<Vec<Line>>>);

impl<S: Subscriber + for<'span> LookupSpan<'span>> Layer<S> for Capturing {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        let span = context.span(id).unwrap();
        span.extensions_mut().insert(fields);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let span = context.span(id).unwrap();
        let mut extensions = span.extensions_mut();
        values.record(extensions.get_mut::<Fields>().unwrap());
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        if !event.metadata().target().starts_with("logistics") {
            return;
        }
        let mut line = Fields::default();
        for span in context.event_scope(event).into_iter().flatten() {
            let extensions = span.extensions();
            line.0.extend(extensions.get::<Fields>().unwrap().0.clone());
        }
        event.record(&mut line);
        let level = event.metadata().level().to_string();
        line.0.insert("level".to_owned(), level);
        self.0.lock().unwrap().push(line.0);
    }
}

#[derive(Default)]
struct Fields(Line);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name().to_owned(), value.to_owned());
    }
}
