//! Sends an adapter's call and classifies what comes back before any vendor's rule applies.

use std::time::Duration;

use crate::outbound::client::{Limits, Reply, Request, SendError};
use crate::partners::call::Call;
use crate::partners::failure::Failure;

/// The largest answer of an aggregator that is read; a label document has its own limit.
const MOST_BYTES: usize = 1024 * 1024;

/// What a call does at the aggregator, and so what an unclear answer to it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It only reads: without an answer nothing happened.
    Reads,
    /// It creates something: without a clear answer it may have happened.
    Creates,
}

/// Sends a request. An answer that is returned has a 2xx or a 4xx status that the adapter judges; all else is a failure.
pub async fn exchange(call: Call<'_>, request: Request, effect: Effect) -> Result<Reply, Failure> {
    exchange_judging(call, request, effect, &[]).await
}

/// As [`exchange`]; besides, the adapter judges whole answers of these statuses, which are failures at others.
pub async fn exchange_judging(
    call: Call<'_>,
    request: Request,
    effect: Effect,
    judged: &[u16],
) -> Result<Reply, Failure> {
    let limits = Limits {
        total: call.deadline.remaining(),
        most_bytes: MOST_BYTES,
    };
    let reply = call
        .outbound
        .send(request, limits)
        .await
        .map_err(|error| unanswered(error, effect))?;
    tracing::debug!(
        status = reply.status,
        bytes = reply.body.len(),
        "the aggregator answered"
    );
    match reply.status {
        status if judged.contains(&status) && !reply.truncated => Ok(reply),
        401 | 403 => Err(Failure::BadCredentials),
        429 => Err(Failure::Throttled(
            reply.retry_after.as_deref().and_then(seconds),
        )),
        408 => Err(unanswered_status(effect)),
        200..=299 | 400..=499 if reply.truncated => Err(unclear(effect)),
        200..=299 | 400..=499 => Ok(reply),
        _ => Err(unanswered_status(effect)),
    }
}

/// The failure of an answer that nobody can read.
pub fn unclear(effect: Effect) -> Failure {
    match effect {
        Effect::Reads => Failure::Unreadable,
        Effect::Creates => Failure::OutcomeUnknown,
    }
}

fn unanswered_status(effect: Effect) -> Failure {
    match effect {
        Effect::Reads => Failure::Unreachable,
        Effect::Creates => Failure::OutcomeUnknown,
    }
}

fn unanswered(error: SendError, effect: Effect) -> Failure {
    match error {
        SendError::Forbidden(_) | SendError::NotSent(_) => Failure::NotSent(error),
        SendError::Unanswered(source) => {
            tracing::warn!(error = %source, "the aggregator gave no answer");
            unanswered_status(effect)
        }
    }
}

fn seconds(value: &str) -> Option<Duration> {
    value.trim().parse().ok().map(Duration::from_secs)
}
