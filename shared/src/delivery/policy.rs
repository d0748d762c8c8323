//! What follows an attempt: pure, with the clock and the dice as arguments.

use std::time::Duration;

use jiff::Timestamp;

use crate::delivery::http_date;
use crate::domain::delivery::{AttemptEnd, DeliveryState};
use crate::domain::endpoint::GiveUpAfter;

/// The waits after the first failed attempts; the last one is repeated.
pub const WAITS: [Duration; 6] = [
    Duration::from_secs(5),
    Duration::from_secs(15),
    Duration::from_secs(30),
    Duration::from_mins(1),
    Duration::from_mins(2),
    Duration::from_mins(5),
];
/// A wait is lengthened or shortened by up to this share, so that endpoints do not get their retries in waves.
pub const JITTER: f64 = 0.2;
/// An endpoint's `Retry-After` is honoured up to this.
pub const LONGEST_RETRY_AFTER: Duration = Duration::from_mins(15);
/// So often a payload is offered to an endpoint that refuses it and takes others: a quarter of an hour, in which a bug
/// in a receiver may be mended, but its lane not held for three days.
pub const MOST_REFUSALS: u32 = 8;

const GONE: u16 = 410;
/// Statuses of the 4xx class that speak of the moment, not of the request.
const PASSING: [u16; 3] = [408, 425, 429];

/// All that the retries of an endpoint follow, as values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Schedule {
    /// The waits after the first failed attempts; the last one is repeated.
    pub waits: [Duration; 6],
    /// The share by which a wait is lengthened or shortened at random.
    pub jitter: f64,
    /// The longest `Retry-After` that is honoured; what asks for more gets this.
    pub longest_retry_after: Duration,
    /// How often a payload is offered to an endpoint that refuses it and takes others.
    pub most_refusals: u32,
    /// The age at which a notification is given up.
    pub give_up_after: Duration,
}

/// The schedule of an endpoint with that give-up age.
pub fn schedule(give_up_after: GiveUpAfter) -> Schedule {
    Schedule {
        waits: WAITS,
        jitter: JITTER,
        longest_retry_after: LONGEST_RETRY_AFTER,
        most_refusals: MOST_REFUSALS,
        give_up_after: give_up_after.age(),
    }
}

/// What is known after an attempt.
#[derive(Debug, Clone)]
pub struct Situation {
    /// How the attempt ended.
    pub end: AttemptEnd,
    /// The HTTP status, where there was one.
    pub status: Option<u16>,
    /// The endpoint's `Retry-After`.
    pub retry_after: Option<Duration>,
    /// How many attempts failed, this one among them.
    pub failed: u32,
    /// How many attempts in a row, this one the last, the endpoint [refused][refuses].
    pub refused: u32,
    /// Whether the endpoint takes other deliveries while it refuses this one. If that is unknown: `false`, and the
    /// delivery is tried for longer.
    pub others_succeed: bool,
    /// Whether the endpoint leads elsewhere by now: then it was another address that said "gone".
    pub moved: bool,
    /// How old the notification is.
    pub age: Duration,
    /// The age at which the endpoint's deliveries are given up.
    pub give_up_after: GiveUpAfter,
}

/// What follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Delivered: nothing.
    Done,
    /// Wait this long, then try again.
    Retry(Duration),
    /// Record it as failed; it can be recovered.
    GiveUp,
}

impl Verdict {
    /// Where the delivery then stands.
    pub fn state(self) -> DeliveryState {
        match self {
            Self::Done => DeliveryState::Delivered,
            Self::Retry(_) => DeliveryState::Pending,
            Self::GiveUp => DeliveryState::Failed,
        }
    }
}

/// Decides what follows an attempt. `dice` is a number from 0 to 1.
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

/// Whether an answer says that nothing is wanted at that URL any more. It ends the delivery, and the endpoint.
pub fn is_gone(status: Option<u16>) -> bool {
    status == Some(GONE)
}

/// Whether an answer refuses the request itself, so that the same request may never be taken: 4xx, but for what speaks
/// of the moment and for [gone][is_gone].
pub fn refuses(status: Option<u16>) -> bool {
    status.is_some_and(|status| (400..500).contains(&status) && !PASSING.contains(&status))
        && !is_gone(status)
}

/// The wait after so many failed attempts.
fn scheduled(failed: u32) -> Duration {
    let index = usize::try_from(failed.saturating_sub(1)).unwrap_or(usize::MAX);
    let [.., last] = WAITS;
    WAITS.get(index).copied().unwrap_or(last)
}

/// Reads `Retry-After`: a number of seconds or an HTTP date. More seconds than can be counted are the most that can;
/// a date in the past asks for nothing.
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
