//! Times as people read them: in UTC, and by the script in the zone of the browser.

use std::fmt;

use jiff::Timestamp;
use serde::Deserialize;

/// An instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub(crate) struct Moment(Timestamp);

impl Moment {
    /// The instant of epoch milliseconds.
    pub(crate) fn of_milliseconds(at: i64) -> Self {
        Self(Timestamp::from_millisecond(at).unwrap_or_default())
    }

    /// For programs.
    pub(crate) fn iso(&self) -> String {
        self.0.to_string()
    }
}

impl From<Timestamp> for Moment {
    fn from(at: Timestamp) -> Self {
        Self(at)
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.0.strftime("%Y-%m-%d %H:%M:%S UTC"))
    }
}
