//! OAuth 1.0a signatures with HMAC-SHA256 (RFC 5849, section 3.4). The query is part of what is signed, a JSON body is not.
//!
//! The crates that sign requests offer HMAC-SHA1 alone, which a shop refuses.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use reqwest::Method;
use ring::hmac::{HMAC_SHA256, Key, sign};
use url::{Position, Url};

use crate::channels::magento::account::Integration;
use crate::channels::magento::call::encoded;

/// What makes the signature of a request unique.
#[derive(Debug, Clone, Copy)]
pub(super) struct Once<'a> {
    /// Never repeated with the same time.
    pub(super) nonce: &'a str,
    /// The time of the request.
    pub(super) now: Timestamp,
}

/// The value of the `Authorization` header.
pub(super) fn authorization(
    integration: Integration<'_>,
    method: &Method,
    url: &Url,
    once: Once<'_>,
) -> String {
    let time = once.now.as_second().to_string();
    let own = [
        ("oauth_consumer_key", integration.consumer_key),
        ("oauth_nonce", once.nonce),
        ("oauth_signature_method", "HMAC-SHA256"),
        ("oauth_timestamp", &time),
        ("oauth_token", integration.access_token),
        ("oauth_version", "1.0"),
    ];
    let signature = signature(integration, method, url, &own);
    let mut header = String::from("OAuth ");
    for (name, value) in own {
        let _ = write!(header, "{name}=\"{}\", ", encoded(value));
    }
    let _ = write!(header, "oauth_signature=\"{}\"", encoded(&signature));
    header
}

fn signature(
    integration: Integration<'_>,
    method: &Method,
    url: &Url,
    own: &[(&str, &str)],
) -> String {
    let mut pairs: Vec<(String, String)> = own
        .iter()
        .map(|(name, value)| (encoded(name), encoded(value)))
        .chain(
            url.query_pairs()
                .map(|(name, value)| (encoded(&name), encoded(&value))),
        )
        .collect();
    pairs.sort();
    let pairs: Vec<String> = pairs
        .into_iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let base = [
        method.as_str(),
        &url[..Position::AfterPath],
        &pairs.join("&"),
    ];
    let base = base.map(encoded).join("&");
    let key = [integration.consumer_secret, integration.access_token_secret];
    let key = Key::new(HMAC_SHA256, key.map(encoded).join("&").as_bytes());
    STANDARD.encode(sign(&key, base.as_bytes()))
}
