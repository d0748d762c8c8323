//! All error responses (RFC 9457). The status codes are defined only in [`kind`].

mod enveloped;
pub mod kind;
mod of_channels;
mod of_messages;

use std::time::Duration;

use lambda_http::http::header::{
    ALLOW, CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE,
};
use lambda_http::{Body, Response};

use crate::contract::fields::{Unreadable, Violation};
use crate::contract::problem::{ChannelRefusalBody, ProblemBody, RefusalBody};
use crate::domain::failure_cause::FailureCause;
use crate::edge::problem::kind::ProblemKind;
use crate::flows::failure::{Cause, FlowFailure, InUse, cause_of_unreached};
use crate::store::failure::StoreFailure;
use crate::telemetry::chain;

/// The documentation of the kinds; a kind's slug is appended.
const DOCUMENTATION: &str =
    "https://github.com/rms-logistics/rms-logistics/blob/main/docs/errors.md#";

/// `Retry-After` for conditions that are expected to end soon.
const SOON: Duration = Duration::from_secs(5);

/// Who refused, in its own words.
#[derive(Debug)]
enum PartnerRefusal {
    Aggregator(RefusalBody),
    Channel(ChannelRefusalBody),
}

/// An error response under construction.
#[derive(Debug)]
pub struct Problem {
    kind: ProblemKind,
    detail: String,
    errors: Option<Vec<Violation>>,
    refusal: Option<Box<PartnerRefusal>>,
    count: Option<u64>,
    /// Why a partner was not reached.
    unreached: Option<FailureCause>,
    headers: Vec<(HeaderName, HeaderValue)>,
    /// The cause, for the log only.
    cause: Option<Box<str>>,
}

impl Problem {
    /// A problem of a kind, with the detail of this case.
    pub fn new(kind: ProblemKind, detail: impl Into<String>) -> Self {
        Self {
            kind,
            detail: detail.into(),
            errors: None,
            refusal: None,
            count: None,
            unreached: None,
            headers: Vec::new(),
            cause: None,
        }
    }

    /// Its kind.
    pub fn kind(&self) -> ProblemKind {
        self.kind
    }

    /// The causes on one line; `None` if the kind says enough.
    pub fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    /// Keeps the cause for the log; the response does not contain it.
    fn because(self, failure: &dyn std::error::Error) -> Self {
        Self {
            cause: Some(chain(failure).into()),
            ..self
        }
    }

    /// The request has no valid API key or push credential; `scheme` names the authentication scheme.
    pub fn unauthenticated(detail: &str, scheme: &'static str) -> Self {
        Self::new(ProblemKind::Unauthenticated, detail)
            .with(WWW_AUTHENTICATE, HeaderValue::from_static(scheme))
    }

    /// The client has sent too many requests.
    pub fn throttled(after: Duration) -> Self {
        Self::retry(ProblemKind::Throttled, "too many requests", after)
    }

    /// The path exists, but does not allow this method.
    pub fn method_not_allowed(allowed: &str) -> Self {
        let problem = Self::new(
            ProblemKind::MethodNotAllowed,
            format!("this path allows {allowed}"),
        );
        match HeaderValue::from_str(allowed) {
            Ok(value) => problem.with(ALLOW, value),
            Err(_) => problem,
        }
    }

    fn invalid(errors: Vec<Violation>) -> Self {
        let first = errors
            .first()
            .map(|error| format!("{} {}", error.pointer, error.detail));
        let detail = match errors.len() {
            0 | 1 => first.unwrap_or_default().trim().to_owned(),
            count => format!("{count} fields are invalid; see errors"),
        };
        Self {
            errors: Some(errors),
            ..Self::new(ProblemKind::InvalidRequest, detail)
        }
    }

    fn retry(kind: ProblemKind, detail: &str, after: Duration) -> Self {
        let seconds = after.as_secs_f64().ceil().clamp(1.0, 900.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "from 1 to 900"
        )]
        let seconds = seconds as u64;
        Self::new(kind, detail).with(RETRY_AFTER, HeaderValue::from(seconds))
    }

    pub(super) fn internal() -> Self {
        Self::new(
            ProblemKind::Internal,
            "an internal error occurred; the logs have the request id",
        )
    }

    fn contended() -> Self {
        Self::retry(
            ProblemKind::Unavailable,
            "too many concurrent changes; try again",
            Duration::from_secs(1),
        )
    }

    /// Tells why no connection to a partner was made, if the call failed for that.
    fn unreached(self, cause: Option<&Cause>) -> Self {
        Self {
            unreached: cause.and_then(cause_of_unreached),
            ..self
        }
    }

    fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// The response to the request with this id.
    pub fn into_response(self, request_id: &str) -> Response<Body> {
        let meaning = self.kind.meaning();
        let (aggregator, channel) = match self.refusal.map(|refusal| *refusal) {
            Some(PartnerRefusal::Aggregator(refusal)) => (Some(refusal), None),
            Some(PartnerRefusal::Channel(refusal)) => (None, Some(refusal)),
            None => (None, None),
        };
        let body = ProblemBody {
            kind: type_of(self.kind),
            title: meaning.title,
            status: meaning.status,
            detail: self.detail,
            instance: request_id.to_owned(),
            errors: self.errors,
            aggregator,
            channel,
            cause: self.unreached,
            count: self.count,
        };
        let mut response =
            Response::new(Body::from(serde_json::to_string(&body).unwrap_or_default()));
        *response.status_mut() =
            lambda_http::http::StatusCode::from_u16(meaning.status).unwrap_or_default();
        response.headers_mut().insert(
            CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        response.headers_mut().extend(self.headers);
        response
    }
}

/// The `type` of the problems of a kind.
pub fn type_of(kind: ProblemKind) -> String {
    format!("{DOCUMENTATION}{}", kind.slug())
}

impl From<Unreadable> for Problem {
    fn from(unreadable: Unreadable) -> Self {
        match unreadable {
            Unreadable::NotJson(detail) => Self::new(ProblemKind::MalformedJson, detail),
            Unreadable::Invalid(errors) => Self::invalid(errors),
        }
    }
}

impl From<StoreFailure> for Problem {
    fn from(failure: StoreFailure) -> Self {
        let problem = match failure {
            StoreFailure::Unavailable(_)
            | StoreFailure::Incomplete
            | StoreFailure::MissingItem
            | StoreFailure::KeyringUnavailable(_) => Self::retry(
                ProblemKind::Unavailable,
                "storage is temporarily unavailable",
                SOON,
            ),
            StoreFailure::Contended => Self::contended(),
            StoreFailure::Corrupt(_)
            | StoreFailure::CorruptBody(_)
            | StoreFailure::InvalidCall(_)
            | StoreFailure::Sealed(_) => Self::internal(),
        };
        problem.because(&failure)
    }
}

impl From<InUse> for Problem {
    fn from(InUse { count, by, is_more }: InUse) -> Self {
        let least = if is_more { "at least " } else { "" };
        Self {
            count: Some(count),
            ..Self::new(ProblemKind::InUse, format!("{least}{count} {by}"))
        }
    }
}

impl From<FlowFailure> for Problem {
    fn from(failure: FlowFailure) -> Self {
        let cause = chain(&failure);
        Self {
            cause: Some(cause.into()),
            ..Self::of(failure)
        }
    }
}

impl Problem {
    fn already_processed(errors: Vec<Violation>) -> Self {
        Self {
            errors: Some(errors),
            ..Self::new(
                ProblemKind::AlreadyProcessed,
                "items were processed before with another result; send `correction: true` to replace it",
            )
        }
    }

    fn unknown_alias(detail: &str) -> Self {
        Self {
            errors: Some(vec![Violation {
                pointer: "/logisticAccountAlias".to_owned(),
                detail: detail.to_owned(),
            }]),
            ..Self::new(ProblemKind::UnknownAccountAlias, detail)
        }
    }

    fn numbers_reused(errors: Vec<Violation>) -> Self {
        let detail = "a number of the request is in use; see errors";
        Self {
            errors: Some(errors),
            ..Self::new(ProblemKind::OrderNumberReused, detail)
        }
    }

    fn of(failure: FlowFailure) -> Self {
        match failure {
            FlowFailure::NotFound(detail) => Self::new(ProblemKind::NotFound, detail),
            FlowFailure::Invalid(errors) => Self::invalid(errors),
            FlowFailure::UnknownAlias(detail) => Self::unknown_alias(detail),
            FlowFailure::LacksScope(scope) => Self::new(
                ProblemKind::Forbidden,
                format!("the API key lacks the scope {scope}, so it cannot grant it"),
            ),
            FlowFailure::NotSupported(detail) => {
                Self::new(ProblemKind::CapabilityNotSupported, detail)
            }
            FlowFailure::InProgress(after) => Self::retry(
                ProblemKind::InProgress,
                "another request is processing this order",
                after,
            ),
            FlowFailure::OrderNumberReused => Self::new(
                ProblemKind::OrderNumberReused,
                "this order number was used for a request with different content",
            ),
            FlowFailure::NumbersReused(errors) => Self::numbers_reused(errors),
            FlowFailure::AlreadyProcessed(errors) => Self::already_processed(errors),
            FlowFailure::ReturnEnded(state) => Self::new(
                ProblemKind::AlreadyProcessed,
                format!("the return is {state}: it cannot be cancelled any more"),
            ),
            FlowFailure::ReturnCancelled => Self::new(
                ProblemKind::ReturnCancelled,
                "the return order is cancelled; create it again if its goods come back after all",
            ),
            FlowFailure::Refused(name, refusal) => Self {
                refusal: Some(Box::new(PartnerRefusal::Aggregator(RefusalBody {
                    name: name.to_string(),
                    code: refusal.code,
                    message: refusal.message,
                }))),
                ..Self::new(
                    ProblemKind::RefusedByAggregator,
                    "the aggregator refused the request; see aggregator for its code and message",
                )
            },
            FlowFailure::BadCredentials => Self::new(
                ProblemKind::AggregatorCredentials,
                "the aggregator refused the account's credentials; this request bought nothing",
            ),
            FlowFailure::NotConfigured(what) => Self::new(
                ProblemKind::CapabilityNotSupported,
                format!("the account has no {what}"),
            ),
            FlowFailure::AggregatorUnreadable(_) => Self::new(
                ProblemKind::AggregatorUnreadable,
                "the aggregator's response could not be parsed",
            ),
            FlowFailure::AggregatorUnavailable(after, cause) => Self::retry(
                ProblemKind::AggregatorUnavailable,
                "the aggregator is unavailable; nothing was bought",
                after.unwrap_or(SOON),
            )
            .unreached(cause.as_ref()),
            FlowFailure::DocumentUnreachable(why) => Self::new(
                ProblemKind::LabelDocumentUnreachable,
                format!("the label exists, but its document cannot be fetched: {why}"),
            ),
            FlowFailure::DocumentUnavailable(_) => Self::retry(
                ProblemKind::AggregatorUnavailable,
                "the label exists, but its document is not available at present",
                SOON,
            ),
            FlowFailure::OutcomeUnknown(_) => Self::new(
                ProblemKind::OutcomeUnknown,
                "the aggregator gave no clear response, so a label may exist; repeat the same request to find out",
            ),
            FlowFailure::Channel(failure) => failure.into(),
            FlowFailure::IdTaken(taken) => Self::new(
                ProblemKind::OutcomeUnknown,
                format!(
                    "{taken}: ask the aggregator which of them it belongs to, then settle the order"
                ),
            ),
            FlowFailure::Stale => Self::new(
                ProblemKind::Stale,
                "it was changed, created or deleted by another request",
            ),
            FlowFailure::InUse(in_use) => in_use.into(),
            FlowFailure::LimitReached(reached) => {
                Self::new(ProblemKind::LimitReached, reached.to_string())
            }
            FlowFailure::Contended => Self::contended(),
            FlowFailure::NoRandomness(_) => Self::internal(),
            FlowFailure::NotQueued(_) => Self::retry(
                ProblemKind::Unavailable,
                "the delivery queue is unavailable; repeat the request to queue the rest",
                SOON,
            ),
            FlowFailure::Store(failure) => failure.into(),
        }
    }
}

#[cfg(test)]
mod tests;
