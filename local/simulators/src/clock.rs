//! The clock of the sink and the simulators; no other module reads the time.

use jiff::Timestamp;

/// Now, as RFC 3339 in UTC with milliseconds: `2025-01-31T08:15:30.250Z`.
pub(crate) fn now() -> String {
    format!("{:.3}", instant())
}

/// Now, for computations.
pub(crate) fn instant() -> Timestamp {
    Timestamp::now()
}
