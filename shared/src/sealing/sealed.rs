//! A sealed secret in its stored form.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

/// The first part of every sealed secret: the format version.
const VERSION: &str = "1";

/// A sealed secret: `1.<key id>.<nonce and ciphertext>`; the last part is base64url.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sealed(String);

impl std::fmt::Debug for Sealed {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Sealed")
    }
}

impl Sealed {
    /// A value from a table. Whether it is a sealed secret is checked when it is opened.
    pub fn stored(text: String) -> Self {
        Self(text)
    }

    /// The value for the table.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn new(header: &str, nonce_and_ciphertext: &[u8]) -> Self {
        let bytes = URL_SAFE_NO_PAD.encode(nonce_and_ciphertext);
        Self(format!("{header}.{bytes}"))
    }

    /// The part before the ciphertext, which the ciphertext is also bound to.
    pub(super) fn header(key_id: &str) -> String {
        format!("{VERSION}.{key_id}")
    }

    /// The key id, and the nonce with the ciphertext; `None` if this is not a sealed secret.
    pub(super) fn parts(&self) -> Option<(&str, Vec<u8>)> {
        let (version, rest) = self.0.split_once('.')?;
        let (key_id, bytes) = rest.split_once('.')?;
        let bytes = URL_SAFE_NO_PAD.decode(bytes).ok()?;
        (version == VERSION).then_some((key_id, bytes))
    }
}
