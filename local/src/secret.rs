//! Random keys and secrets for the local stack's clients.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use uuid::Uuid;

/// 32 bytes, of which 244 bits come from the system's random source.
pub(crate) fn bytes() -> [u8; 32] {
    let mut bytes = [0; 32];
    for (half, random) in bytes.chunks_mut(16).zip([Uuid::new_v4(), Uuid::new_v4()]) {
        half.copy_from_slice(random.as_bytes());
    }
    bytes
}

/// 32 random bytes as hex digits.
pub(crate) fn hex() -> String {
    let halves = [Uuid::new_v4(), Uuid::new_v4()];
    halves.map(|half| half.simple().to_string()).concat()
}

/// An API key. Secret scanners recognize its prefix.
pub(crate) fn api_key() -> String {
    format!("rms_{}", hex())
}

/// The signing secret of an endpoint.
pub(crate) fn signing() -> String {
    format!("whsec_{}", STANDARD.encode(bytes()))
}

/// A few hex digits that make a name unique.
pub(crate) fn short() -> String {
    hex().chars().take(8).collect()
}
