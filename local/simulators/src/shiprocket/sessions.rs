//! The valid tokens. A token is valid for ten days; neither the token nor the answer says so.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};

const LIFETIME: SignedDuration = SignedDuration::from_hours(240);

/// `{"typ":"JWT","alg":"HS256"}`: the header of every token.
const HEAD: &str = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9";

/// All tokens with their expiry.
#[derive(Default)]
pub(super) struct Sessions {
    tokens: Mutex<BTreeMap<String, Timestamp>>,
}

impl Sessions {
    /// A new token. Earlier ones stay valid.
    pub(super) fn open(&self, now: Timestamp) -> String {
        let token = token();
        self.tokens()
            .insert(token.clone(), now.saturating_add(LIFETIME).unwrap_or(now));
        token
    }

    pub(super) fn admits(&self, token: &str, now: Timestamp) -> bool {
        self.tokens().get(token).is_some_and(|end| now < *end)
    }

    pub(super) fn close(&self, token: &str) {
        self.tokens().remove(token);
    }

    /// Expires all tokens; returns their number.
    pub(super) fn expire_all(&self) -> usize {
        std::mem::take(&mut *self.tokens()).len()
    }

    fn tokens(&self) -> MutexGuard<'_, BTreeMap<String, Timestamp>> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Three parts, like a JSON Web Token; the last two are random.
fn token() -> String {
    let part = || URL_SAFE_NO_PAD.encode(uuid::Uuid::new_v4().as_bytes());
    format!("{HEAD}.{}.{}", part(), part())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_lives_ten_days() {
        let sessions = Sessions::default();
        let now: Timestamp = "2025-01-31T08:15:30Z".parse().unwrap();
        let token = sessions.open(now);
        let almost = now + SignedDuration::from_hours(240) - SignedDuration::from_secs(1);
        assert!(sessions.admits(&token, almost));
        assert!(!sessions.admits(&token, now + SignedDuration::from_hours(240)));
        assert!(!sessions.admits("another", now));
    }
}
