//! One request as stored by the sink.

use std::collections::BTreeMap;

use http::{HeaderMap, Method, Uri};
use serde::Serialize;

use crate::clock;

/// One request that reached the sink.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReceivedRequest {
    /// When it was completely received: RFC 3339, UTC, milliseconds.
    pub received_at: String,
    /// The method, upper case.
    pub method: String,
    /// The path, with the query if present.
    pub path: String,
    /// Names in lower case; the values of a repeated header are joined by `, `.
    pub headers: BTreeMap<String, String>,
    /// The body as received; bytes that are not UTF-8 are replaced by U+FFFD.
    pub body: String,
}

impl ReceivedRequest {
    pub(super) fn new(method: &Method, uri: &Uri, headers: &HeaderMap, body: &[u8]) -> Self {
        Self {
            received_at: clock::now(),
            method: method.to_string(),
            path: uri
                .path_and_query()
                .map_or_else(|| uri.path().to_owned(), ToString::to_string),
            headers: readable(headers),
            body: String::from_utf8_lossy(body).into_owned(),
        }
    }
}

fn readable(headers: &HeaderMap) -> BTreeMap<String, String> {
    let mut readable = BTreeMap::<String, String>::new();
    for (name, value) in headers {
        let value = String::from_utf8_lossy(value.as_bytes());
        readable
            .entry(name.as_str().to_owned())
            .and_modify(|values| {
                values.push_str(", ");
                values.push_str(&value);
            })
            .or_insert_with(|| value.to_string());
    }
    readable
}
