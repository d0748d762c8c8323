//! Compression of what is sent. The gateway has none.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use lambda_http::Request;
use logistics::edge::request::header;

/// Whether the browser takes a body in gzip.
pub(crate) fn takes_gzip(request: &Request) -> bool {
    header(request, "accept-encoding").is_some_and(|value| {
        let mut codings = value.split(',');
        codings.any(|coding| coding.split(';').next().unwrap_or_default().trim() == "gzip")
    })
}

/// The bytes in gzip; `None` if that fails, which a buffer in memory does not.
pub(crate) fn packed(bytes: &[u8], level: Compression) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), level);
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok()
}
