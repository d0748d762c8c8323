//! One attempt: signs and sends the body, which was serialised once, and judges the response.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use crate::delivery::policy;
use crate::destinations::client_webhook::request::request;
use crate::destinations::{Attempted, Delivery};
use crate::domain::delivery::{Attempt, AttemptEnd};
use crate::domain::endpoint::WebhookEndpoint;
use crate::outbound::client::{Limits, Outbound, Reply, SendError};

/// The limits of an attempt: a receiver that needs longer should respond first and work later.
pub const LIMITS: Limits = Limits {
    total: Duration::from_secs(15),
    most_bytes: 16 * 1024,
};

/// Makes an attempt at `now`.
pub async fn attempt(
    outbound: &Outbound,
    endpoint: &WebhookEndpoint,
    delivery: Delivery<'_>,
    now: Timestamp,
) -> Attempted {
    attempt_within(outbound, endpoint, delivery, now, LIMITS).await
}

/// Makes an attempt with limits other than the documented ones.
pub(crate) async fn attempt_within(
    outbound: &Outbound,
    endpoint: &WebhookEndpoint,
    delivery: Delivery<'_>,
    now: Timestamp,
    limits: Limits,
) -> Attempted {
    let began = Instant::now();
    let sent = match request(endpoint, delivery, now) {
        Some(request) => outbound
            .send(request, limits)
            .await
            .map_err(|error| (end_of(&error), error.cause())),
        None => Err((AttemptEnd::NotSigned, None)),
    };
    let (end, cause, status, retry_after) = match sent {
        Ok(reply) => (judged(&reply), None, Some(reply.status), reply.retry_after),
        Err((end, cause)) => (end, cause, None, None),
    };
    Attempted {
        attempt: Attempt {
            at: now.as_millisecond(),
            duration_ms: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
            end,
            cause,
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
