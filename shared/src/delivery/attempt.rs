//! One attempt: the body as it was serialised once, signed and sent, its answer judged.

use std::time::Duration;

use jiff::Timestamp;
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use tokio::time::Instant;

use crate::delivery::policy;
use crate::delivery::signature::sign;
use crate::domain::delivery::{Attempt, AttemptEnd};
use crate::domain::endpoint::WebhookEndpoint;
use crate::outbound::client::{Limits, Outbound, OutboundRequest, Reply, SendError};
use crate::outbound::headers::may_be_chosen;

/// A whole attempt lasts no longer: a receiver that needs more should answer first and work later.
pub const LIMITS: Limits = Limits {
    total: Duration::from_secs(15),
    most_bytes: 16 * 1024,
};

/// What is delivered.
#[derive(Debug, Clone, Copy)]
pub struct Delivery<'a> {
    /// The `webhook-id`: the same in every attempt.
    pub id: &'a str,
    /// The payload's bytes: the signature covers exactly these.
    pub body: &'a str,
    /// Whether it was replayed or recovered.
    pub replayed: bool,
}

/// An attempt that was made, and what the endpoint wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempted {
    /// The attempt.
    pub attempt: Attempt,
    /// The endpoint's `Retry-After`.
    pub retry_after: Option<Duration>,
}

/// Makes one attempt at `now`.
pub async fn attempt(
    outbound: &Outbound,
    endpoint: &WebhookEndpoint,
    delivery: Delivery<'_>,
    now: Timestamp,
) -> Attempted {
    attempt_within(outbound, endpoint, delivery, now, LIMITS).await
}

/// Makes one attempt with other limits than those that receivers are told.
pub(crate) async fn attempt_within(
    outbound: &Outbound,
    endpoint: &WebhookEndpoint,
    delivery: Delivery<'_>,
    now: Timestamp,
    limits: Limits,
) -> Attempted {
    let began = Instant::now();
    let sent = match headers(endpoint, delivery, now) {
        Some(headers) => outbound
            .send(request(endpoint, delivery, headers), limits)
            .await
            .map_err(|error| end_of(&error)),
        None => Err(AttemptEnd::NotSigned),
    };
    let (end, status, retry_after) = match sent {
        Ok(reply) => (judged(&reply), Some(reply.status), reply.retry_after),
        Err(end) => (end, None, None),
    };
    Attempted {
        attempt: Attempt {
            at: now.as_millisecond(),
            duration_ms: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
            end,
            status,
        },
        retry_after: retry_after.and_then(|value| policy::retry_after(&value, now)),
    }
}

fn judged(reply: &Reply) -> AttemptEnd {
    if (200..300).contains(&reply.status) {
        AttemptEnd::Accepted
    } else {
        AttemptEnd::Rejected
    }
}

fn end_of(error: &SendError) -> AttemptEnd {
    match error {
        SendError::Forbidden(_) => AttemptEnd::ForbiddenTarget,
        SendError::NotSent(_) => AttemptEnd::NoConnection,
        SendError::Unanswered(_) => AttemptEnd::NoAnswer,
    }
}

fn request(
    endpoint: &WebhookEndpoint,
    delivery: Delivery<'_>,
    headers: HeaderMap,
) -> OutboundRequest {
    OutboundRequest {
        method: Method::POST,
        url: endpoint.url.clone(),
        headers,
        body: Some(delivery.body.as_bytes().to_vec()),
    }
}

/// The endpoint's credentials, then ours, so that nothing configured can replace a signature. `None`: the signing
/// secret is unusable.
fn headers(
    endpoint: &WebhookEndpoint,
    delivery: Delivery<'_>,
    now: Timestamp,
) -> Option<HeaderMap> {
    let mut headers = HeaderMap::new();
    for (name, value) in &endpoint.headers {
        match configured(name, value) {
            Some((name, value)) => _ = headers.insert(name, value),
            None => {
                tracing::warn!(
                    header = name,
                    "configured header not sent: it is not allowed"
                );
            }
        }
    }
    let secrets = endpoint.signing_secrets.signing_at(now);
    let signature = sign(delivery.id, now, delivery.body.as_bytes(), secrets)
        .inspect_err(
            |error| tracing::error!(%error, "delivery not signed: the signing secret is invalid"),
        )
        .ok()?;
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert("webhook-id", HeaderValue::from_str(delivery.id).ok()?);
    headers.insert("webhook-timestamp", HeaderValue::from(now.as_second()));
    headers.insert("webhook-signature", HeaderValue::from_str(&signature).ok()?);
    if delivery.replayed {
        headers.insert("webhook-replayed", HeaderValue::from_static("true"));
    }
    Some(headers)
}

/// A configured header, if it can be sent and may be.
fn configured(name: &str, value: &SecretString) -> Option<(HeaderName, HeaderValue)> {
    let name: HeaderName = name.parse().ok()?;
    let mut value = HeaderValue::from_str(value.expose_secret()).ok()?;
    value.set_sensitive(true);
    may_be_chosen(&name).then_some((name, value))
}
