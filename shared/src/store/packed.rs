//! Compresses bodies in items, because writes are billed by the size of the whole item.

use std::cell::RefCell;
use std::io::{self, Read};

use flate2::read::DeflateDecoder;
use flate2::{Compress, Compression, FlushCompress, Status};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_bytes::ByteBuf;

use crate::store::failure::StoreFailure;

/// The maximum decompressed size of a body; pushes are smaller.
pub(super) const MOST_BYTES: u64 = 1024 * 1024;

thread_local! {
    /// Reused for all bodies: it is 300 KB, which would otherwise be allocated and cleared for each body.
    static DEFLATER: RefCell<Compress> = RefCell::new(Compress::new(Compression::default(), false));
}

/// Compresses a body.
pub fn pack(body: &[u8]) -> io::Result<ByteBuf> {
    // Incompressible data is copied, with a few extra bytes per block.
    let mut packed = Vec::with_capacity(body.len() + body.len() / 8 + 128);
    let status = DEFLATER.with_borrow_mut(|deflater| {
        deflater.reset();
        deflater.compress_vec(body, &mut packed, FlushCompress::Finish)
    })?;
    match status {
        Status::StreamEnd => Ok(ByteBuf::from(packed)),
        Status::Ok | Status::BufError => Err(io::Error::other("compression enlarged the body")),
    }
}

/// Compresses two bodies in one stream. The second one costs little if it repeats parts of the first one.
pub fn pack_both(first: &[u8], second: &[u8]) -> io::Result<ByteBuf> {
    pack(&[first, second].concat())
}

/// Decompresses a body from [`pack`].
pub fn unpack(packed: &[u8]) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    DeflateDecoder::new(packed)
        .take(MOST_BYTES)
        .read_to_end(&mut body)?;
    Ok(body)
}

/// A value as compressed JSON.
pub(super) fn pack_json(value: &impl Serialize) -> Result<ByteBuf, StoreFailure> {
    let json = serde_json::to_vec(value).map_err(corrupt)?;
    pack(&json).map_err(corrupt)
}

/// A value from [`pack_json`].
pub(super) fn unpack_json<T: DeserializeOwned>(packed: &[u8]) -> Result<T, StoreFailure> {
    let json = unpack(packed).map_err(corrupt)?;
    serde_json::from_slice(&json).map_err(corrupt)
}

fn corrupt(error: impl std::error::Error + Send + Sync + 'static) -> StoreFailure {
    StoreFailure::CorruptBody(error.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packed_body_is_restored() {
        let body = br#"{"forwardOrderCode":"asdf1234","forwardAwb":"12541231","notificationType":"IN_TRANSIT"}"#;
        assert_eq!(unpack(&pack(body).unwrap()).unwrap(), body);
    }

    #[test]
    fn any_body_can_be_packed_after_any_other() {
        let noise: Vec<u8> = (0..300_000).map(|_| fastrand::u8(..)).collect();
        for body in [noise.as_slice(), b"", &noise, b"{}"] {
            assert_eq!(unpack(&pack(body).unwrap()).unwrap(), body);
        }
    }
}
