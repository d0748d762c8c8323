//! What a receiver of Standard Webhooks makes of a delivery.

use std::collections::HashMap;

use local::sink::ReceivedRequest;
use reqwest::header::HeaderMap;

/// Whether the signature of what the client got is right.
pub(crate) fn is_signed_with(secret: &str, request: &ReceivedRequest, body: &str) -> bool {
    let headers: HashMap<_, _> = request.headers.clone().into_iter().collect();
    let headers = HeaderMap::try_from(&headers).unwrap();
    let webhook = standardwebhooks::Webhook::new(secret).unwrap();
    webhook.verify(body.as_bytes(), &headers).is_ok()
}
