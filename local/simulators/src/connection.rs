//! Faults of the connection: answers that break off, and answers that never arrive.

use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::response::Response;
use futures::{StreamExt, stream};
use http::HeaderValue;
use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};

/// Longer than any reasonable client waits, and short enough that a forgotten connection does not block a shutdown forever.
const PATIENCE: Duration = Duration::from_secs(150);

/// The content length that an answer that breaks off announces, in bytes.
const PROMISED: u16 = 1024;

/// The bytes that such an answer sends before it breaks off: the start of a JSON object.
const SENT: &[u8] = b"{\"status\":";

/// Turns an answer into one that breaks off: its status, its headers and the first bytes of a body arrive, then the
/// connection is closed before the announced length.
pub(crate) fn cut_midway(answer: Response) -> Response {
    let (mut parts, _) = answer.into_parts();
    parts.headers.remove(TRANSFER_ENCODING);
    parts
        .headers
        .insert(CONTENT_LENGTH, HeaderValue::from(PROMISED));
    let beginning = stream::iter([Ok(Bytes::from_static(SENT))]);
    let break_off = stream::once(async {
        // Yield once, so that the server flushes the first bytes before it sees the error.
        tokio::task::yield_now().await;
        Err(io::Error::other("cut off on purpose"))
    });
    Response::from_parts(parts, Body::from_stream(beginning.chain(break_off)))
}

/// Holds the connection open without answering. If the client disconnects, this future is dropped; otherwise the connection
/// is cut after a while, without a usable answer.
pub(crate) async fn never_answered() -> Response {
    tokio::time::sleep(PATIENCE).await;
    cut_midway(Response::default())
}
