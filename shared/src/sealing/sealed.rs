//! A sealed secret as it is stored.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

/// What the text of every sealed secret begins with: the version of its form.
const VERSION: &str = "1";

/// A sealed secret: `1.<key id>.<nonce and ciphertext>`, the last part being base64url.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sealed(String);

impl std::fmt::Debug for Sealed {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Sealed")
    }
}

impl Sealed {
    /// A text of a table; whether it is a sealed secret shows when it is opened.
    pub fn stored(text: String) -> Self {
        Self(text)
    }

    /// The text for the table.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn new(header: &str, nonce_and_ciphertext: &[u8]) -> Self {
        let bytes = URL_SAFE_NO_PAD.encode(nonce_and_ciphertext);
        Self(format!("{header}.{bytes}"))
    }

    /// What stands before the ciphertext, and is bound to it as well.
    pub(super) fn header(key_id: &str) -> String {
        format!("{VERSION}.{key_id}")
    }

    /// The id of the key, and nonce and ciphertext; `None` if this is no sealed secret.
    pub(super) fn parts(&self) -> Option<(&str, Vec<u8>)> {
        let (version, rest) = self.0.split_once('.')?;
        let (key_id, bytes) = rest.split_once('.')?;
        let bytes = URL_SAFE_NO_PAD.decode(bytes).ok()?;
        (version == VERSION).then_some((key_id, bytes))
    }
}
