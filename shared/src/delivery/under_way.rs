//! The attempts that this instance is making. An attempt that waits for an answer costs little, so an instance makes many
//! at once; but an endpoint that does not answer may not fill it.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::channel::oneshot::{Receiver, Sender, channel};
use tokio::time::Instant;

use crate::domain::endpoint_key::EndpointKey;

/// As many as fit into the memory of the function: each has a connection.
const MOST: usize = 256;
/// An attempt without an answer holds others up from here on.
pub const LONG: Duration = Duration::from_secs(1);
/// Long attempts at one endpoint. If there are as many, no more are begun.
const MOST_LONG: usize = 4;

/// The attempts of an instance.
#[derive(Debug, Default)]
pub struct UnderWay {
    attempts: Mutex<Attempts>,
}

#[derive(Debug, Default)]
struct Attempts {
    /// By number, so the oldest comes first.
    running: BTreeMap<u64, Running>,
    next: u64,
}

#[derive(Debug)]
struct Running {
    endpoint: EndpointKey,
    began: Instant,
    /// Taken when the attempt was asked to end.
    end: Option<Sender<()>>,
}

/// The permission to make an attempt, as long as it exists.
#[derive(Debug)]
pub struct Pass<'a> {
    under_way: &'a UnderWay,
    number: u64,
    ending: Receiver<()>,
}

impl UnderWay {
    /// Whether there is room for another attempt, or room can be made by ending a long one.
    pub fn has_room(&self, now: Instant) -> bool {
        let attempts = self.attempts();
        attempts.running.len() < MOST || attempts.running.values().any(|one| one.may_end(now))
    }

    /// Begins an attempt at an endpoint. `None`: it has not answered several others. If the instance is full, the oldest
    /// long attempt is asked to end.
    pub fn begin(&self, endpoint: &EndpointKey, now: Instant) -> Option<Pass<'_>> {
        let mut attempts = self.attempts();
        let at_endpoint = |one: &&Running| one.endpoint == *endpoint && one.is_long(now);
        if attempts.running.values().filter(at_endpoint).count() >= MOST_LONG {
            return None;
        }
        if attempts.running.len() >= MOST {
            attempts.end_oldest(now);
        }
        let (end, ending) = channel();
        let number = attempts.next;
        attempts.next += 1;
        let running = Running {
            endpoint: endpoint.clone(),
            began: now,
            end: Some(end),
        };
        attempts.running.insert(number, running);
        Some(Pass {
            under_way: self,
            number,
            ending,
        })
    }

    fn attempts(&self) -> MutexGuard<'_, Attempts> {
        self.attempts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Attempts {
    fn end_oldest(&mut self, now: Instant) {
        let mut running = self.running.values_mut();
        let oldest = running.find(|one| one.may_end(now));
        if let Some(end) = oldest.and_then(|one| one.end.take()) {
            // The attempt may just have ended by itself.
            end.send(()).ok();
        }
    }
}

impl Running {
    fn is_long(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.began) >= LONG
    }

    fn may_end(&self, now: Instant) -> bool {
        self.end.is_some() && self.is_long(now)
    }
}

impl Pass<'_> {
    /// Returns when the attempt must make room.
    pub async fn is_to_end(&mut self) {
        // The sender is dropped only with the pass.
        (&mut self.ending).await.ok();
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        self.under_way.attempts().running.remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::*;

    fn endpoint(number: usize) -> EndpointKey {
        EndpointKey {
            client_id: "demo".parse().unwrap(),
            endpoint_id: format!("e{number}").parse().unwrap(),
        }
    }

    #[test]
    fn an_endpoint_that_leaves_attempts_unanswered_gets_no_more() {
        let under_way = UnderWay::default();
        let began = Instant::now();
        let pass = |number, now| under_way.begin(&endpoint(number), now);
        let mut passes: Vec<_> = (0..10).map(|_| pass(0, began).unwrap()).collect();
        assert!(pass(0, began + LONG).is_none());
        assert!(pass(1, began + LONG).is_some());
        passes.truncate(MOST_LONG - 1);
        assert!(pass(0, began + LONG).is_some());
    }

    #[test]
    fn in_a_full_instance_the_oldest_long_attempt_makes_room() {
        let under_way = UnderWay::default();
        let began = Instant::now();
        let pass = |number, now| under_way.begin(&endpoint(number), now).unwrap();
        let mut passes: Vec<_> = (0..MOST).map(|number| pass(number, began)).collect();
        assert!(!under_way.has_room(began));
        assert!(under_way.has_room(began + LONG));
        let _another = pass(MOST, began + LONG);
        assert!(passes[0].is_to_end().now_or_never().is_some());
        assert!(passes[1].is_to_end().now_or_never().is_none());
        passes.truncate(MOST - 2);
        assert!(under_way.has_room(began));
    }
}
