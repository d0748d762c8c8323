//! Seals what the console hands out: sessions in a cookie, one-time links in a URL. Whoever has one can neither read nor
//! change it.

use std::sync::Arc;

use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::domain::console::{ConsoleLink, ConsoleSession};
use crate::sealing::failure::SealingFailure;
use crate::sealing::place::SecretKind;
use crate::sealing::sealed::Sealed;
use crate::sealing::vault::Vault;
use crate::store::failure::StoreFailure;
use crate::store::secrets::Secrets;

/// More than any sealed session or link has: longer texts are not opened.
const LONGEST: usize = 4096;

/// The seals of the console.
#[derive(Debug)]
pub struct ConsoleSeals(Secrets);

/// What can be sealed, each in its own place: a link never opens as a session.
trait Sealable: Serialize + DeserializeOwned {
    const FIELD: &'static str;
}

impl Sealable for ConsoleSession {
    const FIELD: &'static str = "session";
}

impl Sealable for ConsoleLink {
    const FIELD: &'static str = "link";
}

impl ConsoleSeals {
    /// Seals with this vault.
    pub fn new(vault: Arc<Vault>) -> Self {
        Self(Secrets::of(SecretKind::Console, vault))
    }

    /// The session as the value of a cookie.
    pub async fn seal_session(&self, session: &ConsoleSession) -> Result<String, StoreFailure> {
        self.seal(session).await
    }

    /// The session in a cookie; `None` if RMS did not seal it, or with a key that is gone.
    pub async fn open_session(&self, text: &str) -> Result<Option<ConsoleSession>, StoreFailure> {
        self.open(text).await
    }

    /// The link as the last part of a URL.
    pub async fn seal_link(&self, link: &ConsoleLink) -> Result<String, StoreFailure> {
        self.seal(link).await
    }

    /// The link of a URL; `None` if RMS did not seal it, or with a key that is gone.
    pub async fn open_link(&self, text: &str) -> Result<Option<ConsoleLink>, StoreFailure> {
        self.open(text).await
    }

    async fn seal<T: Sealable>(&self, value: &T) -> Result<String, StoreFailure> {
        let text = serde_json::to_string(value);
        let text =
            SecretString::from(text.map_err(|error| StoreFailure::CorruptBody(error.into()))?);
        let hand = self.0.sealer("", "").await?;
        Ok(hand.seal(T::FIELD, &text)?.as_str().to_owned())
    }

    async fn open<T: Sealable>(&self, text: &str) -> Result<Option<T>, StoreFailure> {
        if text.len() > LONGEST {
            return Ok(None);
        }
        let hand = self.0.sealer("", "").await?;
        match hand.open(T::FIELD, &Sealed::stored(text.to_owned())) {
            Ok(opened) => Ok(serde_json::from_str(opened.expose_secret()).ok()),
            Err(SealingFailure::Refused | SealingFailure::UnknownKey) => Ok(None),
            Err(failure @ (SealingFailure::Unavailable(_) | SealingFailure::NoKeyring(_))) => {
                Err(failure.into())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::client::Scope;
    use crate::sealing::keyring::Keyring;

    fn seals() -> ConsoleSeals {
        ConsoleSeals::new(Vault::of(Keyring::generate().unwrap()))
    }

    fn link() -> ConsoleLink {
        ConsoleLink {
            id: "l-1".to_owned(),
            client_id: "demo".parse().unwrap(),
            key_id: "key_1".to_owned(),
            scopes: vec![Scope::Notifications],
            expires_at: "2026-11-30T10:00:00Z".parse().unwrap(),
        }
    }

    #[tokio::test]
    async fn a_link_opens_where_it_was_sealed_and_not_as_a_session() {
        let seals = seals();
        let sealed = seals.seal_link(&link()).await.unwrap();
        assert_eq!(seals.open_link(&sealed).await.unwrap(), Some(link()));
        assert_eq!(seals.open_session(&sealed).await.unwrap(), None);
        assert!(!sealed.contains("demo"));
    }

    #[tokio::test]
    async fn a_forged_text_opens_nothing() {
        let (seals, others) = (seals(), seals());
        let other = others.seal_link(&link()).await.unwrap();
        let mut cut = seals.seal_link(&link()).await.unwrap();
        cut.pop();
        let long = "1".repeat(LONGEST + 1);
        for forged in ["", "1.", "1.00000000.", "{}", &other, &cut, &long] {
            assert_eq!(seals.open_link(forged).await.unwrap(), None, "{forged}");
        }
    }
}
