//! Tracks which endpoints accepted a delivery recently. This tells a single refused payload from an endpoint that
//! refuses all.
//!
//! Each instance of the function knows only its own attempts, and forgets them when it ends. A success may therefore be
//! missed, and the delivery is then retried for longer; a success is never assumed. Recording successes for all
//! instances would cost one write per delivery.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use crate::domain::text::{ClientId, EndpointId};

/// More endpoints than an instance delivers to between two attempts. Above this limit, everything is forgotten.
const MOST_ENDPOINTS: usize = 1024;

type Latest = HashMap<(ClientId, EndpointId), Timestamp>;

/// The time of each endpoint's last success.
#[derive(Debug, Default)]
pub struct Successes {
    latest: Mutex<Latest>,
}

impl Successes {
    /// Records a successful attempt at `at`.
    pub fn note(&self, client_id: &ClientId, endpoint_id: &EndpointId, at: Timestamp) {
        let mut latest = self.latest();
        if latest.len() >= MOST_ENDPOINTS {
            latest.clear();
        }
        let of_endpoint = latest
            .entry((client_id.clone(), endpoint_id.clone()))
            .or_insert(at);
        *of_endpoint = at.max(*of_endpoint);
    }

    /// Whether the endpoint is known to have accepted a delivery after this time.
    pub fn are_known_since(
        &self,
        client_id: &ClientId,
        endpoint_id: &EndpointId,
        instant: Timestamp,
    ) -> bool {
        let key = (client_id.clone(), endpoint_id.clone());
        self.latest().get(&key).is_some_and(|&at| at > instant)
    }

    fn latest(&self) -> MutexGuard<'_, Latest> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn only_a_later_success_of_the_same_endpoint_counts() {
        let (client, other_client) = ("a".parse().unwrap(), "b".parse().unwrap());
        let (endpoint, other) = ("one".parse().unwrap(), "two".parse().unwrap());
        let successes = Successes::default();
        assert!(!successes.are_known_since(&client, &endpoint, second(0)));
        successes.note(&client, &endpoint, second(10));
        // Attempts do not end in the order in which they began.
        successes.note(&client, &endpoint, second(5));
        assert!(successes.are_known_since(&client, &endpoint, second(9)));
        assert!(!successes.are_known_since(&client, &endpoint, second(10)));
        assert!(!successes.are_known_since(&client, &other, second(9)));
        assert!(!successes.are_known_since(&other_client, &endpoint, second(9)));
    }

    #[test]
    fn the_number_of_endpoints_is_limited() {
        let successes = Successes::default();
        let client = "a".parse().unwrap();
        for number in 0..=MOST_ENDPOINTS {
            let endpoint = format!("e{number}").parse().unwrap();
            successes.note(&client, &endpoint, second(1));
        }
        assert_eq!(successes.latest().len(), 1);
    }
}
