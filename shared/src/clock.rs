//! The one door to the time of day.

use jiff::Timestamp;

/// The present instant.
pub fn now() -> Timestamp {
    Timestamp::now()
}
