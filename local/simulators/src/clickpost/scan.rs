//! Scans: which state, when, and the spellings of that time.

use jiff::{SignedDuration, Timestamp};

/// India is that far ahead of UTC.
const IST: SignedDuration = SignedDuration::from_mins(330);

/// What a courier's scan says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Scan {
    /// In the words of [`crate::ways`], or `ORDER_PLACED`, which every order begins with.
    pub(super) state: &'static str,
    /// RFC 3339, UTC, milliseconds.
    time: String,
}

impl Scan {
    pub(super) fn of(state: &'static str, time: String) -> Self {
        Self { state, time }
    }

    /// As webhooks have it: India's wall time, although it ends in `Z`.
    pub(super) fn pushed_time(&self) -> String {
        self.written(IST, "%Y-%m-%dT%H:%M:%SZ")
    }

    /// The same with blanks in it, as seen of one courier.
    pub(super) fn broken_time(&self) -> String {
        self.written(IST, "%Y-%m-%dT%H: %M: %SZ")
    }

    /// As return requests have it.
    pub(super) fn request_time(&self) -> String {
        self.written(IST, "%Y-%m-%d %H:%M:%S.%6f")
    }

    /// As polling has it.
    pub(super) fn polled_time(&self) -> String {
        self.written(IST, "%Y-%m-%d %H:%M:%S")
    }

    /// When the vendor learnt of it. In the vendor's example it precedes the scan unless it is UTC.
    pub(super) fn created_at(&self) -> String {
        self.written(SignedDuration::ZERO, "%Y-%m-%d %H:%M:%S")
    }

    fn written(&self, ahead: SignedDuration, format: &str) -> String {
        let time = self.time.parse::<Timestamp>();
        time.and_then(|time| time.checked_add(ahead)).map_or_else(
            |_| self.time.clone(),
            |time| time.strftime(format).to_string(),
        )
    }
}
