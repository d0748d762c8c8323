//! Which endpoints took something lately: what tells one refused payload from an endpoint that refuses everything.
//!
//! Each instance of the function knows only its own attempts, and forgets them when it ends. So "others succeed" may be
//! missed, and the delivery is then tried for longer; it is never assumed. Writing successes down for all instances
//! would cost a write per delivery.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use crate::domain::text::{ClientId, EndpointId};

/// More endpoints than an instance delivers to between two attempts; beyond it everything is forgotten.
const MOST_ENDPOINTS: usize = 1024;

type Latest = HashMap<(ClientId, EndpointId), Timestamp>;

/// When each endpoint took something the last time.
#[derive(Debug, Default)]
pub struct Successes {
    latest: Mutex<Latest>,
}

impl Successes {
    /// Notes an attempt of `at` that succeeded.
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

    /// Whether the endpoint is known to have taken something after that instant.
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
        // Attempts end in another order than they began.
        successes.note(&client, &endpoint, second(5));
        assert!(successes.are_known_since(&client, &endpoint, second(9)));
        assert!(!successes.are_known_since(&client, &endpoint, second(10)));
        assert!(!successes.are_known_since(&client, &other, second(9)));
        assert!(!successes.are_known_since(&other_client, &endpoint, second(9)));
    }

    #[test]
    fn many_endpoints_fill_nothing() {
        let successes = Successes::default();
        let client = "a".parse().unwrap();
        for number in 0..=MOST_ENDPOINTS {
            let endpoint = format!("e{number}").parse().unwrap();
            successes.note(&client, &endpoint, second(1));
        }
        assert_eq!(successes.latest().len(), 1);
    }
}
