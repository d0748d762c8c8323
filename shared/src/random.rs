//! The only source of secure random bytes, from which secrets are generated.

use ring::rand::{SecureRandom, SystemRandom};

use crate::digest::hex;

/// The system could not provide random bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the system could not provide random bytes")]
pub struct NoRandomness;

/// Fills a buffer with random bytes.
pub fn fill(bytes: &mut [u8]) -> Result<(), NoRandomness> {
    SystemRandom::new().fill(bytes).map_err(|_| NoRandomness)
}

/// 256 random bits.
pub fn secret_bytes() -> Result<[u8; 32], NoRandomness> {
    let mut bytes = [0; 32];
    fill(&mut bytes)?;
    Ok(bytes)
}

/// 256 random bits as lower-case hexadecimal digits.
pub fn secret_hex() -> Result<String, NoRandomness> {
    Ok(hex(&secret_bytes()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_unique() {
        let (one, other) = (secret_hex().unwrap(), secret_hex().unwrap());
        assert_ne!(one, other);
        assert_eq!(one.len(), 64);
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        assert!(one.bytes().all(is_digit), "{one}");
    }
}
