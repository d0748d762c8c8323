//! Fields of a log line: names with their values as JSON.

use std::fmt::{self, Write};
use std::ops::Range;

use tracing::field::{Field, Visit};

/// The runtime's name and our name for the invocation id.
const INVOCATION: (&str, &str) = ("requestId", "invocation_id");
/// Runtime fields that are left out: they are long and are in the invocation's report anyway.
const LEFT_OUT: [&str; 2] = ["xrayTraceId", "tenantId"];

/// Fields in the order in which they were added.
#[derive(Debug, Default)]
pub(super) struct Fields {
    /// `,"name":value`, concatenated.
    text: String,
    /// Each name, with the range of its field in the text.
    places: Vec<(&'static str, Range<usize>)>,
}

impl Fields {
    /// Fields appended to the beginning of a line.
    pub(super) fn behind(text: String) -> Self {
        Self {
            text,
            places: Vec::new(),
        }
    }

    /// Adds the fields of an enclosing span that are missing here: inner values are more precise, later values are
    /// current. The invocation's id only if the line is to have it.
    pub(super) fn add_missing(&mut self, around: &Self, has_invocation: bool) {
        for (name, place) in around.places.iter().rev() {
            if !self.has(name) && (has_invocation || *name != INVOCATION.1) {
                let start = self.text.len();
                self.text
                    .push_str(around.text.get(place.clone()).unwrap_or_default());
                self.places.push((name, start..self.text.len()));
            }
        }
    }

    /// Adds a field whose value is JSON.
    pub(super) fn add_json(&mut self, name: &'static str, json: &str) {
        self.add_named(name, |text| text.write_str(json));
    }

    /// Adds a field with a text, unless it is there.
    pub(super) fn add_text(&mut self, name: &'static str, value: &str) {
        if !self.has(name) {
            self.add_named(name, |text| quoted(text, format_args!("{value}")));
        }
    }

    /// Whether a field with this text can be added: it is not there, or has this text already.
    pub(super) fn is_free_for(&self, name: &str, value: &str) -> bool {
        let mut wanted = String::new();
        quoted(&mut wanted, format_args!("{value}")).ok();
        let mut same = self.places.iter().filter(|(known, _)| *known == name);
        same.all(|(_, place)| {
            let field = self.text.get(place.clone()).unwrap_or_default();
            field.ends_with(&format!(":{wanted}"))
        })
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }

    fn has(&self, wanted: &str) -> bool {
        self.places.iter().any(|(name, _)| *name == wanted)
    }

    fn add(&mut self, field: &Field, write: impl FnOnce(&mut String) -> fmt::Result) {
        let name = match field.name() {
            name if name == INVOCATION.0 => INVOCATION.1,
            name if LEFT_OUT.contains(&name) => return,
            name => name,
        };
        self.add_named(name, write);
    }

    fn add_named(&mut self, name: &'static str, write: impl FnOnce(&mut String) -> fmt::Result) {
        // Field names are identifiers, so they need no escaping. Writing to a string cannot fail.
        let start = self.text.len();
        self.text.push_str(",\"");
        self.text.push_str(name);
        self.text.push_str("\":");
        write(&mut self.text).ok();
        self.places.push((name, start..self.text.len()));
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.add(field, |text| quoted(text, format_args!("{value:?}")));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.add(field, |text| quoted(text, format_args!("{value}")));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.add(field, |text| write!(text, "{value}"));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.add(field, |text| write!(text, "{value}"));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.add(field, |text| write!(text, "{value}"));
    }
}

fn quoted(text: &mut String, value: fmt::Arguments<'_>) -> fmt::Result {
    text.push('"');
    let written = Escaped(text).write_fmt(value);
    text.push('"');
    written
}

/// Escapes the content of a JSON string.
struct Escaped<'a>(&'a mut String);

impl Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let mut rest = text;
        while let Some(at) = rest.bytes().position(needs_escape) {
            let (plain, special) = rest.split_at(at);
            self.0.push_str(plain);
            let mut after = special.chars();
            match after.next() {
                Some('"') => self.0.push_str("\\\""),
                Some('\\') => self.0.push_str("\\\\"),
                Some('\n') => self.0.push_str("\\n"),
                Some(control) => write!(self.0, "\\u{:04x}", u32::from(control))?,
                None => {}
            }
            rest = after.as_str();
        }
        self.0.push_str(rest);
        Ok(())
    }
}

fn needs_escape(byte: u8) -> bool {
    matches!(byte, b'"' | b'\\' | 0..b' ')
}
