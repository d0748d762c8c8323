//! Rate limits of clients: a token bucket per client and class of routes.
//!
//! A bucket belongs to one instance of a function, so a client can make this many requests per instance that serves it.
//! No state is shared: a request costs no write.

use std::collections::HashMap;
use std::str::FromStr;
use std::time::{Duration, Instant};

use crate::domain::client::Scope;
use crate::domain::text::ClientId;

/// More buckets than an instance meets clients. Above this limit, full buckets are removed, which changes nothing.
const MOST_BUCKETS: usize = 1024;

/// A rate limit: a burst size and a sustained rate. Written `50/300`: 50 requests per second, bursts of 300.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    per_second: f64,
    burst: f64,
}

/// The value is not a valid rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be two numbers above 0, such as 50/300: requests a second, and at once from 1")]
pub struct NotARate;

impl FromStr for Rate {
    type Err = NotARate;

    fn from_str(text: &str) -> Result<Self, NotARate> {
        let (per_second, burst) = text.split_once('/').ok_or(NotARate)?;
        let number = |text: &str| {
            let number = text.trim().parse().ok();
            number.filter(|number: &f64| number.is_finite() && *number > 0.0)
        };
        Ok(Self {
            per_second: number(per_second).ok_or(NotARate)?,
            burst: number(burst)
                .filter(|burst| *burst >= 1.0)
                .ok_or(NotARate)?,
        })
    }
}

/// The buckets of an instance.
#[derive(Debug)]
pub struct Buckets {
    rate: Rate,
    buckets: HashMap<(ClientId, Scope), Bucket>,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    tokens: f64,
    filled_at: Instant,
}

impl Buckets {
    /// Full buckets.
    pub fn new(rate: Rate) -> Self {
        Self {
            rate,
            buckets: HashMap::new(),
        }
    }

    /// Takes a token for a request of a client to a class of routes. If there is none, returns when there will be one.
    pub fn take(
        &mut self,
        client_id: &ClientId,
        class: Scope,
        now: Instant,
    ) -> Result<(), Duration> {
        let rate = self.rate;
        if self.buckets.len() >= MOST_BUCKETS {
            self.make_room(now);
        }
        let key = (client_id.clone(), class);
        let bucket = self.buckets.entry(key).or_insert(Bucket::full(rate, now));
        bucket.fill(rate, now);
        if bucket.tokens < 1.0 {
            let missing = (1.0 - bucket.tokens) / rate.per_second;
            return Err(Duration::try_from_secs_f64(missing).unwrap_or(Duration::MAX));
        }
        bucket.tokens -= 1.0;
        Ok(())
    }

    fn make_room(&mut self, now: Instant) {
        let rate = self.rate;
        self.buckets.retain(|_, bucket| {
            bucket.fill(rate, now);
            bucket.tokens < rate.burst
        });
        if self.buckets.len() >= MOST_BUCKETS {
            self.buckets.clear();
        }
    }
}

impl Bucket {
    fn full(rate: Rate, now: Instant) -> Self {
        Self {
            tokens: rate.burst,
            filled_at: now,
        }
    }

    fn fill(&mut self, rate: Rate, now: Instant) {
        let since = now.saturating_duration_since(self.filled_at);
        let filled = self.tokens + since.as_secs_f64() * rate.per_second;
        self.tokens = filled.min(rate.burst);
        self.filled_at = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn buckets() -> (Buckets, ClientId, Instant) {
        let buckets = Buckets::new("10/3".parse().unwrap());
        (buckets, "flood".parse().unwrap(), Instant::now())
    }

    #[test]
    fn a_burst_is_allowed_and_then_the_rate() {
        let (mut buckets, client, start) = buckets();
        for _ in 0..3 {
            assert_eq!(buckets.take(&client, Scope::Shipping, start), Ok(()));
        }
        let wait = buckets.take(&client, Scope::Shipping, start).unwrap_err();
        assert_eq!(wait.as_millis(), 100);
        let later = start + Duration::from_millis(101);
        assert_eq!(buckets.take(&client, Scope::Shipping, later), Ok(()));
        assert!(buckets.take(&client, Scope::Shipping, later).is_err());
        let much_later = start + Duration::from_mins(10);
        let taken = (0..10).filter(|_| buckets.take(&client, Scope::Shipping, much_later).is_ok());
        assert_eq!(taken.count(), 3);
    }

    #[test]
    fn a_flood_affects_no_other_client_and_no_other_class() {
        let (mut buckets, flood, now) = buckets();
        while buckets.take(&flood, Scope::Shipping, now).is_ok() {}
        let other = "other".parse().unwrap();
        assert!(buckets.take(&other, Scope::Shipping, now).is_ok());
        assert!(buckets.take(&flood, Scope::Returns, now).is_ok());
    }

    #[test]
    fn the_number_of_buckets_is_limited_and_only_full_ones_are_removed() {
        let (mut buckets, flood, now) = buckets();
        while buckets.take(&flood, Scope::Shipping, now).is_ok() {}
        let later = now + Duration::from_millis(150);
        assert!(buckets.take(&flood, Scope::Shipping, later).is_ok());
        let take = |buckets: &mut Buckets, number: usize, at| {
            let client = format!("client-{number}").parse().unwrap();
            buckets.take(&client, Scope::Shipping, at)
        };
        for number in 1..MOST_BUCKETS {
            assert!(take(&mut buckets, number, now).is_ok());
        }
        assert!(take(&mut buckets, MOST_BUCKETS, later).is_ok());
        assert_eq!(buckets.buckets.len(), 2);
        assert!(buckets.take(&flood, Scope::Shipping, later).is_err());
        for number in 1..3 * MOST_BUCKETS {
            assert!(take(&mut buckets, number, later).is_ok());
        }
        assert!(buckets.buckets.len() <= MOST_BUCKETS);
    }

    #[test]
    fn a_rate_is_two_positive_numbers() {
        for wrong in [
            "", "5", "5/", "/5", "0/5", "5/0", "5/0.5", "-1/5", "inf/5", "NaN/5", "5/5/5", "a/b",
        ] {
            assert_eq!(wrong.parse::<Rate>(), Err(NotARate), "{wrong}");
        }
    }
}
