//! The one door to randomness that nobody may guess: secrets are made of it.

use std::fmt::Write;

use ring::rand::{SecureRandom, SystemRandom};

/// The system has no randomness to give.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the system gives no random bytes")]
pub struct NoRandomness;

/// Fills bytes at random.
pub fn fill(bytes: &mut [u8]) -> Result<(), NoRandomness> {
    SystemRandom::new().fill(bytes).map_err(|_| NoRandomness)
}

/// 256 random bits.
pub fn secret_bytes() -> Result<[u8; 32], NoRandomness> {
    let mut bytes = [0; 32];
    fill(&mut bytes)?;
    Ok(bytes)
}

/// As many, as lower-case hexadecimal digits.
pub fn secret_hex() -> Result<String, NoRandomness> {
    let mut digits = String::with_capacity(64);
    for byte in secret_bytes()? {
        let _ = write!(digits, "{byte:02x}");
    }
    Ok(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_secret_is_another() {
        let (one, other) = (secret_hex().unwrap(), secret_hex().unwrap());
        assert_ne!(one, other);
        assert_eq!(one.len(), 64);
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        assert!(one.bytes().all(is_digit), "{one}");
    }
}
