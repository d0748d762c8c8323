//! What follows an attempt: pure, with the clock and the dice as arguments.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822;

use crate::domain::delivery::{AttemptEnd, DeliveryState};

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
/// After this age a delivery is given up: three days, and the hours until somebody is back at work.
pub const GIVE_UP_AGE: Duration = Duration::from_hours(76);

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
    /// How old the notification is.
    pub age: Duration,
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
    const GONE: u16 = 410;
    match situation.end {
        AttemptEnd::Accepted => return Verdict::Done,
        AttemptEnd::Disabled | AttemptEnd::Removed | AttemptEnd::Expired => return Verdict::GiveUp,
        AttemptEnd::Rejected if situation.status == Some(GONE) => return Verdict::GiveUp,
        AttemptEnd::Rejected
        | AttemptEnd::NoConnection
        | AttemptEnd::NoAnswer
        | AttemptEnd::NotSigned
        | AttemptEnd::ForbiddenTarget => {}
    }
    if situation.age >= GIVE_UP_AGE {
        return Verdict::GiveUp;
    }
    let wait =
        scheduled(situation.failed).mul_f64(1.0 + JITTER * (2.0 * dice.clamp(0.0, 1.0) - 1.0));
    let asked = situation
        .retry_after
        .map_or(Duration::ZERO, |asked| asked.min(LONGEST_RETRY_AFTER));
    Verdict::Retry(wait.max(asked))
}

/// The wait after so many failed attempts.
fn scheduled(failed: u32) -> Duration {
    let index = usize::try_from(failed.saturating_sub(1)).unwrap_or(usize::MAX);
    let [.., last] = WAITS;
    WAITS.get(index).copied().unwrap_or(last)
}

/// Reads `Retry-After`: a number of seconds or an HTTP date.
pub fn retry_after(value: &str, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let date = rfc2822::parse(&value.replace("GMT", "+0000"))
        .ok()?
        .timestamp();
    Duration::try_from(date.duration_since(now)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn failed(failed: u32, age_hours: u64, retry_after: Option<u64>) -> Situation {
        Situation {
            end: AttemptEnd::Rejected,
            status: Some(500),
            retry_after: retry_after.map(Duration::from_secs),
            failed,
            age: Duration::from_secs(age_hours * 3600),
        }
    }

    #[test]
    fn waits_grow_to_five_minutes() {
        let waits: Vec<u64> = (1..=8)
            .map(|attempts| match decide(&failed(attempts, 0, None), 0.5) {
                Verdict::Retry(wait) => wait.as_secs(),
                ended @ (Verdict::Done | Verdict::GiveUp) => panic!("{ended:?}"),
            })
            .collect();
        assert_eq!(waits, [5, 15, 30, 60, 120, 300, 300, 300]);
    }

    #[test]
    fn success_ends_it_and_so_do_age_and_a_gone_endpoint() {
        let accepted = Situation {
            end: AttemptEnd::Accepted,
            status: Some(204),
            ..failed(1, 100, None)
        };
        assert_eq!(decide(&accepted, 0.5), Verdict::Done);
        assert_eq!(decide(&failed(1, 76, None), 0.5), Verdict::GiveUp);
        assert_eq!(
            decide(
                &Situation {
                    status: Some(410),
                    ..failed(1, 0, None)
                },
                0.5
            ),
            Verdict::GiveUp
        );
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now: Timestamp = "2026-11-21T07:28:00Z".parse().unwrap();
        assert_eq!(retry_after("120", now), Some(Duration::from_mins(2)));
        assert_eq!(
            retry_after("Sat, 21 Nov 2026 07:29:00 GMT", now),
            Some(Duration::from_mins(1))
        );
        for absurd in ["", "-5", "soon", "1e9", "Sat, 21 Nov 2020 07:29:00 GMT"] {
            assert_eq!(retry_after(absurd, now), None, "{absurd}");
        }
    }

    proptest! {
        #[test]
        fn a_wait_stays_within_its_bounds(attempts: u32, dice in 0.0..=1.0, asked in proptest::option::of(any::<u64>())) {
            let Verdict::Retry(wait) = decide(&failed(attempts, 0, asked), dice) else { panic!("no retry") };
            prop_assert!(wait >= Duration::from_secs(4));
            prop_assert!(wait <= LONGEST_RETRY_AFTER);
        }
    }
}
