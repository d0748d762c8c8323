//! Builds the request of a message: the endpoint's method, its credentials as headers, and our own headers.

use jiff::Timestamp;
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};

use crate::destinations::Delivery;
use crate::destinations::client_webhook::signature::sign;
use crate::domain::endpoint::{EndpointMethod, WebhookEndpoint};
use crate::outbound::client::OutboundRequest;
use crate::outbound::headers::may_be_chosen;

/// The signed request; `None` if the signing secret is invalid.
pub(super) fn request(
    endpoint: &WebhookEndpoint,
    delivery: Delivery<'_>,
    now: Timestamp,
) -> Option<OutboundRequest> {
    Some(OutboundRequest {
        method: match endpoint.method {
            EndpointMethod::Post => Method::POST,
            EndpointMethod::Put => Method::PUT,
        },
        url: endpoint.url.clone(),
        headers: headers(endpoint, delivery, now)?,
        body: Some(delivery.body.as_bytes().to_vec()),
    })
}

/// The endpoint's credentials, then our headers, so that no configured header can replace a signature.
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
    headers.insert(
        "rms-message-kind",
        HeaderValue::from_static(delivery.kind.word()),
    );
    if let Some(request_id) = delivery.request_id {
        headers.insert(
            "x-request-id",
            HeaderValue::from_str(request_id.as_str()).ok()?,
        );
    }
    if let Some(trace) = delivery.traceparent {
        headers.insert("traceparent", HeaderValue::from_str(trace.as_str()).ok()?);
    }
    if delivery.correction {
        headers.insert("rms-correction", HeaderValue::from_static("true"));
    }
    if delivery.replayed {
        headers.insert("webhook-replayed", HeaderValue::from_static("true"));
    }
    Some(headers)
}

/// A configured header, if it is valid and allowed.
fn configured(name: &str, value: &SecretString) -> Option<(HeaderName, HeaderValue)> {
    let name: HeaderName = name.parse().ok()?;
    let mut value = HeaderValue::from_str(value.expose_secret()).ok()?;
    value.set_sensitive(true);
    may_be_chosen(&name).then_some((name, value))
}
