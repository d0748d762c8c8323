//! Misbehaving on the level of the connection: answers that break off, and answers that never come.

use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::response::Response;
use futures::{StreamExt, stream};
use http::HeaderValue;
use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};

/// Longer than any client in its right mind waits, short enough that a forgotten connection does not hold up a
/// shutdown for ever.
const PATIENCE: Duration = Duration::from_secs(150);

/// What an answer that breaks off promises to send, in bytes.
const PROMISED: u16 = 1024;

/// What such an answer sends before it breaks off: the beginning of a JSON object.
const SENT: &[u8] = b"{\"status\":";

/// Turns an answer into one that breaks off: its status and headers arrive and the first bytes of a body, then the
/// connection is closed although more was promised.
pub(crate) fn cut_midway(answer: Response) -> Response {
    let (mut parts, _) = answer.into_parts();
    parts.headers.remove(TRANSFER_ENCODING);
    parts
        .headers
        .insert(CONTENT_LENGTH, HeaderValue::from(PROMISED));
    let beginning = stream::iter([Ok(Bytes::from_static(SENT))]);
    let break_off = stream::once(async {
        // Give way once, so that the server flushes the beginning before it learns of the end.
        tokio::task::yield_now().await;
        Err(io::Error::other("cut off on purpose"))
    });
    Response::from_parts(parts, Body::from_stream(beginning.chain(break_off)))
}

/// Holds the connection open without a word. The client's going away ends it, as it drops this future; otherwise the
/// connection is cut in the end, without a usable answer.
pub(crate) async fn never_answered() -> Response {
    tokio::time::sleep(PATIENCE).await;
    cut_midway(Response::default())
}
