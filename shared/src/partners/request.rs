//! JSON requests. Adapters add the authentication.

use reqwest::Method;
use reqwest::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderValue};
use serde::Serialize;
use url::Url;

use crate::outbound::client::OutboundRequest;

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// A GET request.
pub fn get(url: Url) -> OutboundRequest {
    OutboundRequest {
        method: Method::GET,
        url,
        headers: HeaderMap::from_iter([(ACCEPT, JSON)]),
        body: None,
    }
}

/// A POST request with this body.
pub fn post(url: Url, body: &impl Serialize) -> OutboundRequest {
    post_bytes(url, serde_json::to_vec(body).unwrap_or_default())
}

/// A POST request with this JSON.
pub fn post_bytes(url: Url, json: Vec<u8>) -> OutboundRequest {
    with_json(Method::POST, url, json)
}

/// A POST request without a body. Its length of 0 is sent, and a content type, because some servers demand them.
pub fn post_nothing(url: Url) -> OutboundRequest {
    const NO_LENGTH: HeaderValue = HeaderValue::from_static("0");
    let headers = [
        (ACCEPT, JSON),
        (CONTENT_TYPE, JSON),
        (CONTENT_LENGTH, NO_LENGTH),
    ];
    OutboundRequest {
        method: Method::POST,
        url,
        headers: HeaderMap::from_iter(headers),
        body: None,
    }
}

/// A PUT request with this body.
pub fn put(url: Url, body: &impl Serialize) -> OutboundRequest {
    with_json(
        Method::PUT,
        url,
        serde_json::to_vec(body).unwrap_or_default(),
    )
}

fn with_json(method: Method, url: Url, json: Vec<u8>) -> OutboundRequest {
    OutboundRequest {
        method,
        url,
        headers: HeaderMap::from_iter([(ACCEPT, JSON), (CONTENT_TYPE, JSON)]),
        body: Some(json),
    }
}
