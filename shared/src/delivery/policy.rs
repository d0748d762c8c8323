//! Decides what happens after an attempt: pure, with time and randomness as arguments.

use std::time::Duration;

use jiff::Timestamp;

use crate::delivery::http_date;
use crate::domain::delivery::{AttemptEnd, DeliveryState};
use crate::domain::endpoint::GiveUpAfter;

/// Waits after the first failed attempts; the last one repeats.
pub const WAITS: [Duration; 6] = [
    Duration::from_secs(5),
    Duration::from_secs(15),
    Duration::from_secs(30),
    Duration::from_mins(1),
    Duration::from_mins(2),
    Duration::from_mins(5),
];
/// A wait is changed by up to this share, up or down, so that retries of an endpoint do not come in waves.
pub const JITTER: f64 = 0.2;
/// A longer `Retry-After` is shortened to this.
pub const LONGEST_RETRY_AFTER: Duration = Duration::from_mins(15);
/// Number of attempts for a payload that the endpoint refuses while it accepts others. They take 15 minutes: enough to
/// fix a bug in a receiver, without blocking the lane for three days.
pub const MOST_REFUSALS: u32 = 8;

const GONE: u16 = 410;
/// 4xx statuses that report a temporary condition, not an invalid request.
const PASSING: [u16; 3] = [408, 425, 429];

/// All parameters of an endpoint's retries.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Schedule {
    /// Waits after the first failed attempts; the last one repeats.
    pub waits: [Duration; 6],
    /// The share by which a wait is randomly changed, up or down.
    pub jitter: f64,
    /// The longest accepted `Retry-After`; a longer one is shortened to this.
    pub longest_retry_after: Duration,
    /// Number of attempts for a payload that the endpoint refuses while it accepts others.
    pub most_refusals: u32,
    /// The age at which a notification is given up.
    pub give_up_after: Duration,
}

/// The schedule of an endpoint with this give-up age.
pub fn schedule(give_up_after: GiveUpAfter) -> Schedule {
    Schedule {
        waits: WAITS,
        jitter: JITTER,
        longest_retry_after: LONGEST_RETRY_AFTER,
        most_refusals: MOST_REFUSALS,
        give_up_after: give_up_after.age(),
    }
}

/// The input of a decision after an attempt.
#[derive(Debug, Clone)]
pub struct Situation {
    /// How the attempt ended.
    pub end: AttemptEnd,
    /// The HTTP status, if there was one.
    pub status: Option<u16>,
    /// The endpoint's `Retry-After`.
    pub retry_after: Option<Duration>,
    /// How many attempts failed, including this one.
    pub failed: u32,
    /// How many attempts in a row, up to this one, the endpoint [refused][refuses].
    pub refused: u32,
    /// Whether the endpoint accepts other deliveries while it refuses this one. `false` if unknown: the delivery is
    /// then retried for longer.
    pub others_succeed: bool,
    /// Whether the endpoint's URL has changed since: then the old URL said "gone".
    pub moved: bool,
    /// The age of the notification.
    pub age: Duration,
    /// The age at which the endpoint's deliveries are given up.
    pub give_up_after: GiveUpAfter,
}

/// The decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Delivered: nothing more to do.
    Done,
    /// Wait this long, then try again.
    Retry(Duration),
    /// Record it as failed; it can be recovered.
    GiveUp,
}

impl Verdict {
    /// The resulting state of the delivery.
    pub fn state(self) -> DeliveryState {
        match self {
            Self::Done => DeliveryState::Delivered,
            Self::Retry(_) => DeliveryState::Pending,
            Self::GiveUp => DeliveryState::Failed,
        }
    }
}

/// Decides what happens after an attempt. `dice` is a random number from 0 to 1.
pub fn decide(situation: &Situation, dice: f64) -> Verdict {
    match situation.end {
        AttemptEnd::Accepted => return Verdict::Done,
        AttemptEnd::Disabled | AttemptEnd::Removed | AttemptEnd::Expired => return Verdict::GiveUp,
        AttemptEnd::Rejected if is_gone(situation.status) && !situation.moved => {
            return Verdict::GiveUp;
        }
        AttemptEnd::Rejected
        | AttemptEnd::NoConnection
        | AttemptEnd::NoAnswer
        | AttemptEnd::NotSigned
        | AttemptEnd::ForbiddenTarget => {}
    }
    let is_unwanted = situation.others_succeed && situation.refused >= MOST_REFUSALS;
    if is_unwanted || situation.age >= situation.give_up_after.age() {
        return Verdict::GiveUp;
    }
    let wait =
        scheduled(situation.failed).mul_f64(1.0 + JITTER * (2.0 * dice.clamp(0.0, 1.0) - 1.0));
    let asked = situation
        .retry_after
        .map_or(Duration::ZERO, |asked| asked.min(LONGEST_RETRY_AFTER));
    Verdict::Retry(wait.max(asked))
}

/// Whether the response says that the URL is permanently gone. It ends the delivery and disables the endpoint.
pub fn is_gone(status: Option<u16>) -> bool {
    status == Some(GONE)
}

/// Whether the response refuses the request itself, so that retrying the same request may never succeed: 4xx, except
/// temporary statuses and [gone][is_gone].
pub fn refuses(status: Option<u16>) -> bool {
    status.is_some_and(|status| (400..500).contains(&status) && !PASSING.contains(&status))
        && !is_gone(status)
}

/// The wait after this number of failed attempts.
fn scheduled(failed: u32) -> Duration {
    let index = usize::try_from(failed.saturating_sub(1)).unwrap_or(usize::MAX);
    let [.., last] = WAITS;
    WAITS.get(index).copied().unwrap_or(last)
}

/// Parses `Retry-After`: seconds or an HTTP date. A number of seconds that overflows becomes the maximum; a date in the
/// past means no wait.
pub fn retry_after(value: &str, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let date = http_date::parse(value, now)?;
    date.duration_since(now.into()).ok()
}

#[cfg(test)]
mod tests;
