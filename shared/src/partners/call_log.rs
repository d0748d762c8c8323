//! Logs a call to a partner: one line at its end, within the call's own span.

use std::time::Instant;

use reqwest::Method;
use tracing::Span;
use tracing::field::Empty;

use crate::domain::account::PartnerAccount;
use crate::domain::failure_cause::FailureCause;
use crate::outbound::client::{Reply, SendError};
use crate::partners::failure::PartnerFailure;
use crate::telemetry;
use crate::telemetry::metrics::{self, Metric};

/// The longest content type that is logged; a longer one is invalid.
const LONGEST_CONTENT_TYPE: usize = 60;

/// A call in progress.
#[derive(Debug)]
pub(super) struct CallLog {
    span: Span,
    partner: Box<str>,
}

impl CallLog {
    /// Begins a call. Its lines also have the fields of the enclosing spans: those of the request and the booking.
    pub(super) fn begin(
        account: PartnerAccount<'_>,
        operation: &'static str,
        method: &Method,
    ) -> Self {
        let span = tracing::info_span!(
            "partner_call",
            client_id = %account.client_id,
            alias = %account.alias,
            partner = account.partner,
            operation,
            method = %method,
            status = Empty,
            duration_ms = Empty,
        );
        Self {
            span,
            partner: account.partner.into(),
        }
    }

    /// The call's span.
    pub(super) fn span(&self) -> Span {
        self.span.clone()
    }

    /// Ends a call with this result, and with the failure that the adapter derived from it, if any.
    pub(super) fn end(&self, came_back: &CameBack, failure: Option<&PartnerFailure>) {
        self.span.record("duration_ms", came_back.duration_ms);
        if let Some(status) = came_back.status {
            self.span.record("status", status);
        }
        self.count(came_back, failure);
        let outcome: &str = failure.map_or("answered", PartnerFailure::name);
        let CameBack {
            bytes,
            content_type,
            is_cut,
            error,
            cause,
            ..
        } = came_back;
        let (content_type, error) = (content_type.as_deref(), error.as_deref());
        let is_cut = is_cut.then_some(true);
        let cause = cause.map(tracing::field::display);
        let _entered = self.span.enter();
        if failure.is_some_and(PartnerFailure::is_unclear) {
            tracing::warn!(
                outcome,
                bytes,
                content_type,
                is_cut,
                cause,
                error,
                "partner call failed"
            );
        } else {
            tracing::info!(outcome, bytes, content_type, "partner call answered");
        }
    }

    fn count(&self, came_back: &CameBack, failure: Option<&PartnerFailure>) {
        let partner = &self.partner;
        metrics::count_at(partner, Metric::PartnerLatency, came_back.duration_ms);
        match failure {
            Some(PartnerFailure::BadCredentials | PartnerFailure::LacksRight(_)) => {
                metrics::count_at(partner, Metric::CredentialsRefused, 1);
            }
            Some(failure) if failure.is_unclear() || failure.is_throttled() => {
                metrics::count_at(partner, Metric::PartnerErrors, 1);
            }
            Some(_) | None => {}
        }
    }
}

/// The shape of a result.
#[derive(Debug)]
pub(super) struct CameBack {
    duration_ms: u64,
    status: Option<u16>,
    bytes: Option<usize>,
    content_type: Option<String>,
    /// Whether the body was longer than the limit.
    is_cut: bool,
    /// Why there was no response, in the API's word.
    cause: Option<FailureCause>,
    /// The same, with all its causes.
    error: Option<String>,
}

impl CameBack {
    /// The shape of a response or of a send error that has just arrived.
    pub(super) fn of(sent: &Result<Reply, SendError>, began: Instant) -> Self {
        let duration_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        match sent {
            Ok(reply) => Self {
                duration_ms,
                status: Some(reply.status),
                bytes: Some(reply.body.len()),
                content_type: reply.content_type.as_deref().map(media_type),
                is_cut: reply.truncated,
                cause: None,
                error: None,
            },
            Err(error) => Self {
                duration_ms,
                status: None,
                bytes: None,
                content_type: None,
                is_cut: false,
                cause: error.cause(),
                error: Some(telemetry::chain(error)),
            },
        }
    }
}

/// Only `type/subtype`: a header is untrusted text and could contain anything.
fn media_type(header: &str) -> String {
    let essence = header.split(';').next().unwrap_or_default().trim();
    let is_plain = essence.len() <= LONGEST_CONTENT_TYPE
        && essence
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '+' | '-'));
    if is_plain { essence } else { "other" }.to_ascii_lowercase()
}
