//! Until when the OMS should have confirmed an order.

use std::time::Duration;

use jiff::Timestamp;

/// How long the OMS has, unless the client's account for fulfilment says otherwise.
pub const USUAL: Duration = Duration::from_mins(15);

/// The deadline of an order that is accepted at `now`.
pub fn deadline(now: Timestamp, within: Duration) -> Timestamp {
    now.checked_add(within).unwrap_or(Timestamp::MAX)
}
