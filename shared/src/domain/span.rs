//! A time span for searches.

use jiff::Timestamp;

use crate::domain::delivery::instant;

/// A time span: its start is inclusive, its end exclusive. An absent bound is open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Span {
    /// The start.
    pub since: Option<Timestamp>,
    /// The end.
    pub until: Option<Timestamp>,
}

impl Span {
    /// Whether a time in epoch milliseconds is in the span.
    pub fn holds(self, at: i64) -> bool {
        let at = instant(at);
        self.since.is_none_or(|since| since <= at) && self.until.is_none_or(|until| at < until)
    }

    /// Its first and its last millisecond, both inclusive; `None` if it is empty.
    pub fn milliseconds(self) -> Option<(i64, i64)> {
        let first = self.since.map_or(0, Timestamp::as_millisecond);
        let last = self
            .until
            .map_or(i64::MAX, |until| until.as_millisecond() - 1);
        (first <= last).then_some((first, last))
    }
}
