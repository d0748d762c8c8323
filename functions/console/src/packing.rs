//! Compression of what is sent. The gateway has none.

use std::cell::RefCell;

use flate2::{Compress, Compression, FlushCompress, Status};
use lambda_http::Request;
use logistics::edge::request::header;

/// The largest window, which every browser takes.
const WINDOW_BITS: u8 = 15;

thread_local! {
    /// Reused for all pages: it is some 300 KB, which would otherwise be allocated and cleared for each page.
    static PAGES: RefCell<Compress> = RefCell::new(gzip(Compression::fast()));
}

/// Whether the browser takes a body in gzip.
pub(crate) fn takes_gzip(request: &Request) -> bool {
    header(request, "accept-encoding").is_some_and(|value| {
        let mut codings = value.split(',');
        codings.any(|coding| coding.split(';').next().unwrap_or_default().trim() == "gzip")
    })
}

/// A page in gzip, made quickly; `None` if it does not become smaller.
pub(crate) fn packed_page(page: &[u8]) -> Option<Vec<u8>> {
    PAGES.with_borrow_mut(|deflater| {
        deflater.reset();
        packed(page, deflater)
    })
}

/// A file in gzip, as small as can be; `None` if it does not become smaller.
pub(crate) fn packed_file(file: &[u8]) -> Option<Vec<u8>> {
    packed(file, &mut gzip(Compression::best()))
}

fn gzip(level: Compression) -> Compress {
    Compress::new_gzip(level, WINDOW_BITS)
}

fn packed(bytes: &[u8], deflater: &mut Compress) -> Option<Vec<u8>> {
    let mut packed = Vec::with_capacity(bytes.len());
    let status = deflater.compress_vec(bytes, &mut packed, FlushCompress::Finish);
    matches!(status, Ok(Status::StreamEnd)).then_some(packed)
}
