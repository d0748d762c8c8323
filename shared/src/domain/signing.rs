//! The secrets that sign an endpoint's deliveries, and how one takes over from another.

use std::time::Duration;

use jiff::Timestamp;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

/// A secret that was replaced signs for so long beside its successor: the receiver changes over at any moment of it.
pub const OVERLAP: Duration = Duration::from_hours(24);
/// The most secrets that an endpoint has. Each adds a signature to the header, and a receiver should not be made to
/// compare many; beyond them the oldest ends early.
pub const MOST_SECRETS: usize = 5;

/// How deliveries are signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, strum::EnumString)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum SignatureScheme {
    /// By a key that both sides have.
    #[default]
    V1,
    /// By a private key, whose public half verifies and signs nothing.
    V1a,
}

/// One secret: `whsec_…` is a shared key and signs v1, `whsk_…` a private one and signs v1a.
#[derive(Debug, Clone)]
pub struct SigningSecret {
    /// As it was given to the client, prefix included.
    pub secret: SecretString,
    /// Until when it signs; `None` for the one that was not replaced.
    pub signs_until: Option<Timestamp>,
}

/// The secrets of an endpoint, the newest first.
#[derive(Debug, Clone)]
pub struct SigningSecrets(Vec<SigningSecret>);

impl SigningSecrets {
    /// One secret, which signs until it is replaced.
    pub fn new(secret: SecretString) -> Self {
        Self(vec![SigningSecret {
            secret,
            signs_until: None,
        }])
    }

    /// What was stored, the newest first.
    pub fn stored(secrets: Vec<SigningSecret>) -> Self {
        Self(secrets)
    }

    /// All of them, the newest first, ended ones included.
    pub fn all(&self) -> &[SigningSecret] {
        &self.0
    }

    /// The one that was not replaced.
    pub fn newest(&self) -> Option<&SecretString> {
        self.0.first().map(|secret| &secret.secret)
    }

    /// Those that sign at `now`, the newest first.
    pub fn signing_at(&self, now: Timestamp) -> impl Iterator<Item = &SecretString> {
        let signs = move |secret: &&SigningSecret| secret.signs_at(now);
        self.0.iter().filter(signs).map(|secret| &secret.secret)
    }

    /// Puts a new secret in front. The one that signed until now ends after [`OVERLAP`]; those that ended are forgotten.
    #[must_use]
    pub fn rotated(&self, secret: SecretString, now: Timestamp) -> Self {
        // Only beyond the last representable second is there no later one.
        let end = now.checked_add(OVERLAP).unwrap_or(Timestamp::MAX);
        let replaced = self.0.iter().filter(|secret| secret.signs_at(now));
        let replaced = replaced.map(|secret| SigningSecret {
            secret: secret.secret.clone(),
            signs_until: Some(secret.signs_until.unwrap_or(end)),
        });
        let newest = SigningSecret {
            secret,
            signs_until: None,
        };
        Self(
            std::iter::once(newest)
                .chain(replaced)
                .take(MOST_SECRETS)
                .collect(),
        )
    }
}

impl SigningSecret {
    fn signs_at(&self, now: Timestamp) -> bool {
        self.signs_until.is_none_or(|until| now < until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    fn hour(hour: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + hour * 3600).unwrap()
    }

    fn signing(secrets: &SigningSecrets, now: Timestamp) -> Vec<&str> {
        secrets
            .signing_at(now)
            .map(ExposeSecret::expose_secret)
            .collect()
    }

    #[test]
    fn a_replaced_secret_signs_for_a_day_beside_its_successor() {
        let secrets = SigningSecrets::new("first".into()).rotated("second".into(), hour(0));
        assert_eq!(signing(&secrets, hour(0)), ["second", "first"]);
        assert_eq!(signing(&secrets, hour(23)), ["second", "first"]);
        let last_moment = hour(24).checked_sub(Duration::from_nanos(1)).unwrap();
        assert_eq!(signing(&secrets, last_moment), ["second", "first"]);
        assert_eq!(signing(&secrets, hour(24)), ["second"]);
    }

    #[test]
    fn a_second_rotation_lengthens_no_end_and_forgets_what_has_ended() {
        let secrets = SigningSecrets::new("first".into())
            .rotated("second".into(), hour(0))
            .rotated("third".into(), hour(20));
        assert_eq!(signing(&secrets, hour(20)), ["third", "second", "first"]);
        assert_eq!(signing(&secrets, hour(24)), ["third", "second"]);
        let secrets = secrets.rotated("fourth".into(), hour(30));
        assert_eq!(secrets.all().len(), 3);
        assert_eq!(signing(&secrets, hour(44)), ["fourth", "third"]);
        assert_eq!(signing(&secrets, hour(54)), ["fourth"]);
    }

    #[test]
    fn there_are_never_more_secrets_than_a_receiver_can_compare() {
        let secrets = (0..20).fold(SigningSecrets::new("first".into()), |secrets, number| {
            secrets.rotated(number.to_string().into(), hour(0))
        });
        assert_eq!(signing(&secrets, hour(0)), ["19", "18", "17", "16", "15"]);
    }
}
