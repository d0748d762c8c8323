//! Scans: the state, the time, and the formats of the time.

use jiff::{SignedDuration, Timestamp};

/// India's offset from UTC.
const IST: SignedDuration = SignedDuration::from_mins(330);

/// A courier's scan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Scan {
    /// A state of [`crate::ways`], or `ORDER_PLACED`, the first state of every order.
    pub(super) state: &'static str,
    /// RFC 3339, UTC, milliseconds.
    time: String,
}

impl Scan {
    pub(super) fn of(state: &'static str, time: String) -> Self {
        Self { state, time }
    }

    /// The format of webhooks: Indian local time, although it ends in `Z`.
    pub(super) fn pushed_time(&self) -> String {
        self.written(IST, "%Y-%m-%dT%H:%M:%SZ")
    }

    /// The same with blanks, as observed from one courier.
    pub(super) fn broken_time(&self) -> String {
        self.written(IST, "%Y-%m-%dT%H: %M: %SZ")
    }

    /// The format of return requests.
    pub(super) fn request_time(&self) -> String {
        self.written(IST, "%Y-%m-%d %H:%M:%S.%6f")
    }

    /// The format of tracking.
    pub(super) fn polled_time(&self) -> String {
        self.written(IST, "%Y-%m-%d %H:%M:%S")
    }

    /// When the vendor received the scan. In the vendor's example it would precede the scan unless it is UTC.
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
