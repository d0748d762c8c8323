//! The one door through which the time of day enters the sink and the simulators.

use jiff::Timestamp;

/// Now, as RFC 3339 in UTC with milliseconds: `2025-01-31T08:15:30.250Z`.
pub(crate) fn now() -> String {
    format!("{:.3}", instant())
}

/// Now, to reckon with.
pub(crate) fn instant() -> Timestamp {
    Timestamp::now()
}
