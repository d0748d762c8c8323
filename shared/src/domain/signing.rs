//! The secrets that sign an endpoint's deliveries, and their rotation.

use std::time::Duration;

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

/// How long a replaced secret signs together with its successor: the receiver may switch at any time within it.
pub const OVERLAP: Duration = Duration::from_hours(24);
/// The maximum number of secrets of an endpoint. Each adds a signature to the header, and receivers should not have to
/// compare many. If there are more, the oldest expires early.
pub const MOST_SECRETS: usize = 5;

/// The signature scheme of deliveries.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Default,
    Serialize,
    Deserialize,
    strum::EnumString,
    utoipa::ToSchema,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum SignatureScheme {
    /// With a shared key.
    #[default]
    V1,
    /// With a private key, whose public half only verifies.
    V1a,
}

/// A signing secret: `whsec_…` is a shared key for v1, `whsk_…` a private key for v1a.
#[derive(Debug, Clone)]
pub struct SigningSecret {
    /// As given to the client, including the prefix.
    pub secret: SecretString,
    /// When it expires; `None` for the current one.
    pub signs_until: Option<Timestamp>,
}

/// The secrets of an endpoint, newest first.
#[derive(Debug, Clone)]
pub struct SigningSecrets(Vec<SigningSecret>);

impl SigningSecrets {
    /// One secret, which is valid until it is replaced.
    pub fn new(secret: SecretString) -> Self {
        Self(vec![SigningSecret {
            secret,
            signs_until: None,
        }])
    }

    /// The stored secrets, newest first.
    pub fn stored(secrets: Vec<SigningSecret>) -> Self {
        Self(secrets)
    }

    /// All secrets, newest first, including expired ones.
    pub fn all(&self) -> &[SigningSecret] {
        &self.0
    }

    /// The current secret.
    pub fn newest(&self) -> Option<&SecretString> {
        self.0.first().map(|secret| &secret.secret)
    }

    /// The secrets that are valid at `now`, newest first.
    pub fn signing_at(&self, now: Timestamp) -> impl Iterator<Item = &SecretString> {
        let signs = move |secret: &&SigningSecret| secret.signs_at(now);
        self.0.iter().filter(signs).map(|secret| &secret.secret)
    }

    /// Adds a new secret, or one that signed before. The previous one expires after [`OVERLAP`]; expired ones are removed.
    #[must_use]
    pub fn rotated(&self, secret: SecretString, now: Timestamp) -> Self {
        // Only fails beyond the last representable second.
        let end = now.checked_add(OVERLAP).unwrap_or(Timestamp::MAX);
        let is_another =
            |replaced: &&SigningSecret| replaced.secret.expose_secret() != secret.expose_secret();
        let replaced = self.0.iter().filter(|secret| secret.signs_at(now));
        let replaced = replaced.filter(is_another);
        let replaced = replaced.map(|secret| SigningSecret {
            secret: secret.secret.clone(),
            signs_until: Some(secret.signs_until.unwrap_or(end)),
        });
        let replaced: Vec<SigningSecret> = replaced.collect();
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
    fn a_replaced_secret_signs_for_a_day_with_its_successor() {
        let secrets = SigningSecrets::new("first".into()).rotated("second".into(), hour(0));
        assert_eq!(signing(&secrets, hour(0)), ["second", "first"]);
        assert_eq!(signing(&secrets, hour(23)), ["second", "first"]);
        let last_moment = hour(24).checked_sub(Duration::from_nanos(1)).unwrap();
        assert_eq!(signing(&secrets, last_moment), ["second", "first"]);
        assert_eq!(signing(&secrets, hour(24)), ["second"]);
    }

    #[test]
    fn a_second_rotation_extends_no_expiry_and_removes_expired_secrets() {
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
    fn a_secret_that_signed_before_signs_once() {
        let secrets = SigningSecrets::new("first".into())
            .rotated("second".into(), hour(0))
            .rotated("first".into(), hour(1));
        assert_eq!(signing(&secrets, hour(1)), ["first", "second"]);
        assert_eq!(signing(&secrets, hour(26)), ["first"]);
    }

    #[test]
    fn the_number_of_secrets_is_limited() {
        let secrets = (0..20).fold(SigningSecrets::new("first".into()), |secrets, number| {
            secrets.rotated(number.to_string().into(), hour(0))
        });
        assert_eq!(signing(&secrets, hour(0)), ["19", "18", "17", "16", "15"]);
    }
}
