//! Secrets that RMS only needs to recognise.

use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;

use crate::digest::{Sha256, hex};
use crate::domain::text::{AccountAlias, ClientId};

/// A secret that others send: a digest of it, bound to its account.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KnownSecret(String);

impl std::fmt::Debug for KnownSecret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("KnownSecret")
    }
}

impl KnownSecret {
    /// The digest of a secret.
    pub fn new(client_id: &ClientId, alias: &AccountAlias, secret: &[u8]) -> Self {
        let mut hasher = Sha256::new();
        for part in [
            client_id.as_str().as_bytes(),
            alias.as_str().as_bytes(),
            secret,
        ] {
            hasher.update(part.len().to_be_bytes());
            hasher.update(part);
        }
        Self(hex(&hasher.finalize()))
    }

    /// Whether `brought` is this secret. Digests are compared, so that timing reveals neither a matching prefix nor the
    /// length of the secret.
    pub fn is(&self, client_id: &ClientId, alias: &AccountAlias, brought: &[u8]) -> bool {
        let brought = Self::new(client_id, alias, brought);
        self.0.as_bytes().ct_eq(brought.0.as_bytes()).into()
    }
}

/// What authenticates the pushes of an account, in addition to the token or the credential that identifies it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PushProofs {
    /// The key in a header, if the aggregator sends one.
    pub webhook_key: Option<KnownSecret>,
    /// The value in the body, if the aggregator derives one from the account's credentials.
    pub body: Option<KnownSecret>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_recognised_only_for_its_account_and_never_printed() {
        let (demo, other): (ClientId, ClientId) =
            ("demo".parse().unwrap(), "other".parse().unwrap());
        let (magic, second): (AccountAlias, AccountAlias) =
            ("magic".parse().unwrap(), "magic2".parse().unwrap());
        let known = KnownSecret::new(&demo, &magic, b"word");
        assert!(known.is(&demo, &magic, b"word"));
        assert!(!known.is(&demo, &magic, b"wor"));
        assert!(!known.is(&other, &magic, b"word"));
        assert!(!known.is(&demo, &second, b"word"));
        assert!(!format!("{known:?} {}", serde_json::to_string(&known).unwrap()).contains("word"));
    }
}
