//! SHA-256, by ring, which uses the processor's own instructions on x86 and on Arm.

use std::ops::Deref;

use ring::digest::{Context, SHA256};

/// A digest in the making.
pub struct Sha256(Context);

/// A digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Digest([u8; 32]);

impl Sha256 {
    /// That of nothing yet.
    #[expect(
        clippy::new_without_default,
        reason = "a digest of nothing is no value to fall back to"
    )]
    pub fn new() -> Self {
        Self(Context::new(&SHA256))
    }

    /// That of these bytes.
    pub fn digest(bytes: impl AsRef<[u8]>) -> Digest {
        Self::new().chain_update(bytes).finalize()
    }

    /// Adds bytes.
    pub fn update(&mut self, bytes: impl AsRef<[u8]>) {
        self.0.update(bytes.as_ref());
    }

    /// The same with these bytes added.
    #[must_use]
    pub fn chain_update(mut self, bytes: impl AsRef<[u8]>) -> Self {
        self.update(bytes);
        self
    }

    /// The digest of all bytes.
    pub fn finalize(self) -> Digest {
        let mut digest = [0; 32];
        digest.copy_from_slice(self.0.finish().as_ref());
        Digest(digest)
    }
}

impl Deref for Digest {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl AsRef<[u8]> for Digest {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl From<Digest> for [u8; 32] {
    fn from(digest: Digest) -> Self {
        digest.0
    }
}

/// Bytes as hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    push_hex(&mut text, bytes);
    text
}

/// Adds bytes as hexadecimal digits.
pub fn push_hex(text: &mut String, bytes: &[u8]) {
    for byte in bytes {
        text.push(digit(byte >> 4));
        text.push(digit(byte & 0xf));
    }
}

/// Cheaper than `char::from_digit`, which checks the radix each time.
fn digit(nibble: u8) -> char {
    char::from(if nibble < 10 {
        b'0' + nibble
    } else {
        b'a' - 10 + nibble
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_that_of_the_standard() {
        // FIPS 180-2, B.1.
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hex(&Sha256::digest("abc")), expected);
        let in_parts = Sha256::new().chain_update("a").chain_update("bc");
        assert_eq!(hex(&in_parts.finalize()), expected);
    }
}
