//! Slows failed sign-ins: an address that failed often waits.
//!
//! A key has 256 random bits and cannot be guessed; the limit keeps a guesser from costing reads and log lines. It belongs to
//! one instance, so it costs no write.

use std::collections::HashMap;
use std::time::{Duration, Instant};

/// How many failures an address has before it waits.
const FAILURES: u32 = 5;
/// How long its failures count, from the first one.
const WINDOW: Duration = Duration::from_mins(1);
/// More than an instance meets in a minute. Above this limit, everything is forgotten.
const MOST_ADDRESSES: usize = 1024;

/// The failed sign-ins of an instance, by address.
#[derive(Debug, Default)]
pub struct SignInLimit(HashMap<String, Failures>);

#[derive(Debug, Clone, Copy)]
struct Failures {
    since: Instant,
    count: u32,
}

impl SignInLimit {
    /// Whether an address may try; the error says how long to wait.
    pub fn check(&self, address: &str, now: Instant) -> Result<(), Duration> {
        let Some(failures) = self.0.get(address) else {
            return Ok(());
        };
        let left = WINDOW.saturating_sub(now.saturating_duration_since(failures.since));
        if failures.count < FAILURES || left.is_zero() {
            Ok(())
        } else {
            Err(left)
        }
    }

    /// Counts a failure of an address.
    pub fn failed(&mut self, address: &str, now: Instant) {
        if self.0.len() >= MOST_ADDRESSES {
            self.0.clear();
        }
        let first = Failures {
            since: now,
            count: 0,
        };
        let failures = self.0.entry(address.to_owned()).or_insert(first);
        if now.saturating_duration_since(failures.since) >= WINDOW {
            *failures = first;
        }
        failures.count += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_waits_after_five_failures_until_the_minute_is_over() {
        let (mut limit, start) = (SignInLimit::default(), Instant::now());
        for _ in 0..FAILURES {
            assert_eq!(limit.check("203.0.113.7", start), Ok(()));
            limit.failed("203.0.113.7", start);
        }
        let later = start + Duration::from_secs(20);
        assert_eq!(
            limit.check("203.0.113.7", later),
            Err(Duration::from_secs(40))
        );
        assert_eq!(limit.check("203.0.113.8", later), Ok(()));
        let over = start + WINDOW;
        assert_eq!(limit.check("203.0.113.7", over), Ok(()));
        limit.failed("203.0.113.7", over);
        assert_eq!(limit.check("203.0.113.7", over), Ok(()));
    }

    #[test]
    fn the_number_of_addresses_is_limited() {
        let (mut limit, now) = (SignInLimit::default(), Instant::now());
        for number in 0..2 * MOST_ADDRESSES {
            limit.failed(&number.to_string(), now);
        }
        assert!(limit.0.len() <= MOST_ADDRESSES);
    }
}
