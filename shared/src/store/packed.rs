//! Bodies in items are deflated: a write bills the whole item by the kilobyte.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use serde_bytes::ByteBuf;

/// The most that a body of ours inflates to: a push is smaller.
const MOST_BYTES: u64 = 1024 * 1024;

/// Deflates a body.
pub fn pack(body: &[u8]) -> std::io::Result<ByteBuf> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(body)?;
    encoder.finish().map(ByteBuf::from)
}

/// Inflates a body that was packed here.
pub fn unpack(packed: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut body = Vec::new();
    DeflateDecoder::new(packed)
        .take(MOST_BYTES)
        .read_to_end(&mut body)?;
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packed_body_comes_back() {
        let body = br#"{"forwardOrderCode":"asdf1234","forwardAwb":"12541231","notificationType":"IN_TRANSIT"}"#;
        assert_eq!(unpack(&pack(body).unwrap()).unwrap(), body);
    }
}
