//! Sends a call to a partner and classifies the response before any partner's own rule applies.
//!
//! Each call has its own span and logs one line with the shape of the response, never its content. An adapter therefore
//! reads a response only through [`PartnerAnswer::read`], which sees the result.

use std::time::{Duration, Instant};

use reqwest::header::{HeaderName, HeaderValue};
use tracing::Instrument as _;

use crate::outbound::client::{Limits, OutboundRequest, Reply, SendError};
use crate::partners::call::PartnerCall;
use crate::partners::call_log::{CallLog, CameBack};
use crate::partners::failure::PartnerFailure;
use crate::telemetry::trace_context;

/// The maximum size of a partner's response, unless its operation has another; label documents have their own limit.
const MOST_BYTES: usize = 1024 * 1024;
/// The trace of the request that the call is made for. No partner's signature covers it.
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// The effect of a call at the partner, which determines what an unclear response means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallEffect {
    /// It only reads: without a response nothing has changed.
    Reads,
    /// It creates something: without a clear response it may have been created.
    Creates,
}

/// An operation of an adapter.
#[derive(Debug, Clone, Copy)]
pub struct Operation {
    /// Its name in the log, such as `book` or `look_up`.
    pub name: &'static str,
    /// Its effect.
    pub effect: CallEffect,
    /// Statuses that the adapter itself judges, although they are failures for other calls.
    pub judged: &'static [u16],
    /// The maximum size of the response, in bytes.
    pub most_bytes: usize,
}

impl Operation {
    /// An operation that only reads.
    pub const fn reads(name: &'static str) -> Self {
        Self {
            name,
            effect: CallEffect::Reads,
            judged: &[],
            most_bytes: MOST_BYTES,
        }
    }

    /// An operation that creates something.
    pub const fn creates(name: &'static str) -> Self {
        Self {
            name,
            effect: CallEffect::Creates,
            judged: &[],
            most_bytes: MOST_BYTES,
        }
    }

    /// The failure if the response could not be parsed.
    pub fn unclear(self) -> PartnerFailure {
        match self.effect {
            CallEffect::Reads => PartnerFailure::Unreadable,
            CallEffect::Creates => PartnerFailure::OutcomeUnknown,
        }
    }

    fn unanswered(self) -> PartnerFailure {
        match self.effect {
            CallEffect::Reads => PartnerFailure::Unreachable,
            CallEffect::Creates => PartnerFailure::OutcomeUnknown,
        }
    }
}

/// A response with a 2xx or 4xx status, or with one that its operation judges.
#[derive(Debug)]
#[must_use = "a call is logged when its response is read"]
pub struct PartnerAnswer {
    reply: Reply,
    log: CallLog,
    came_back: CameBack,
}

impl PartnerAnswer {
    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.reply.status
    }

    /// Parses the response and logs the call.
    pub fn read<T>(
        self,
        read: impl FnOnce(&Reply) -> Result<T, PartnerFailure>,
    ) -> Result<T, PartnerFailure> {
        let outcome = read(&self.reply);
        self.log.end(&self.came_back, outcome.as_ref().err());
        outcome
    }
}

/// Sends a request. Responses that no adapter needs to judge become failures and are logged here.
pub async fn exchange(
    call: PartnerCall<'_>,
    operation: Operation,
    mut request: OutboundRequest,
) -> Result<PartnerAnswer, PartnerFailure> {
    if let Some(trace) = trace_context::current() {
        let trace = HeaderValue::from_str(trace.as_str()).ok();
        request
            .headers
            .extend(trace.map(|trace| (TRACEPARENT, trace)));
    }
    let limits = Limits {
        total: call.deadline.remaining(),
        most_bytes: operation.most_bytes,
    };
    let log = CallLog::begin(call.account, operation.name, &request.method);
    let began = Instant::now();
    let sent = call.outbound.send(request, limits);
    let sent = sent.instrument(log.span()).await;
    let came_back = CameBack::of(&sent, began);
    match classified(sent, operation) {
        Ok(reply) => Ok(PartnerAnswer {
            reply,
            log,
            came_back,
        }),
        Err(failure) => {
            log.end(&came_back, Some(&failure));
            Err(failure)
        }
    }
}

fn classified(
    sent: Result<Reply, SendError>,
    operation: Operation,
) -> Result<Reply, PartnerFailure> {
    let reply = sent.map_err(|error| unsent(error, operation))?;
    match reply.status {
        status if operation.judged.contains(&status) && !reply.truncated => Ok(reply),
        401 | 403 => Err(PartnerFailure::BadCredentials),
        429 => Err(PartnerFailure::Throttled(
            reply.retry_after.as_deref().and_then(seconds),
        )),
        408 => Err(operation.unanswered()),
        200..=299 | 400..=499 if reply.truncated => Err(operation.unclear()),
        200..=299 | 400..=499 => Ok(reply),
        _ => Err(operation.unanswered()),
    }
}

fn unsent(error: SendError, operation: Operation) -> PartnerFailure {
    match error {
        SendError::Forbidden(_) | SendError::NotSent(_) => PartnerFailure::NotSent(error),
        SendError::Unanswered(_) => operation.unanswered(),
    }
}

fn seconds(value: &str) -> Option<Duration> {
    value.trim().parse().ok().map(Duration::from_secs)
}
