//! Every error answer: one table of kinds, the only place that knows their statuses (RFC 9457).

use std::time::Duration;

use lambda_http::http::header::{
    ALLOW, CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE,
};
use lambda_http::{Body, Response};
use strum::{EnumIter, IntoEnumIterator};
use tracing::Level;

use crate::contract::fields::{Unreadable, Violation};
use crate::contract::problem::{ProblemBody, RefusalBody};
use crate::flows::failure::{FlowFailure, InUse};
use crate::flows::messaging::publish_message::PublishFailure;
use crate::flows::notifying::receive_notification::ReceiveFailure;
use crate::store::failure::StoreFailure;
use crate::telemetry::chain;

/// Where the kinds are documented; a kind's slug is appended.
const DOCUMENTATION: &str =
    "https://github.com/rms-logistics/rms-logistics/blob/main/docs/errors.md#";

/// The kinds of problems. The order is that of the documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum ProblemKind {
    /// The body is not JSON.
    MalformedJson,
    /// A query parameter is wrong.
    InvalidParameter,
    /// No key, or an unknown one.
    Unauthenticated,
    /// The key lacks the scope.
    Forbidden,
    /// There is no such object, or it is another client's.
    NotFound,
    /// The path has no such method.
    MethodNotAllowed,
    /// The body is too large.
    BodyTooLarge,
    /// The body is not sent as JSON.
    UnsupportedMediaType,
    /// Somebody is working on the same order.
    InProgress,
    /// What is to be removed is needed.
    InUse,
    /// It is not what the caller saw.
    Stale,
    /// The JSON has the wrong shape, or cannot be meant.
    InvalidRequest,
    /// The client has no such account.
    UnknownAccountAlias,
    /// The aggregator cannot do this.
    CapabilityNotSupported,
    /// The order number was used with other content.
    OrderNumberReused,
    /// The aggregator refused the data.
    RefusedByAggregator,
    /// The client calls too often.
    Throttled,
    /// The aggregator refused the account's credentials.
    AggregatorCredentials,
    /// The aggregator's answer cannot be read.
    AggregatorUnreadable,
    /// The aggregator did nothing.
    AggregatorUnavailable,
    /// A label may exist.
    OutcomeUnknown,
    /// Our own state is out of reach.
    Unavailable,
    /// Our own fault.
    Internal,
}

/// What a kind means: its status, its title, what the caller does, what the operator does.
#[derive(Debug, Clone, Copy)]
pub struct ProblemMeaning {
    /// The HTTP status.
    pub status: u16,
    /// A few words.
    pub title: &'static str,
    /// What the caller does.
    pub caller: &'static str,
    /// What the operator does.
    pub operator: &'static str,
}

const fn meaning(
    status: u16,
    title: &'static str,
    caller: &'static str,
    operator: &'static str,
) -> ProblemMeaning {
    ProblemMeaning {
        status,
        title,
        caller,
        operator,
    }
}

impl ProblemKind {
    /// The stable name.
    pub fn slug(self) -> &'static str {
        self.into()
    }

    /// What it means.
    #[expect(clippy::too_many_lines, reason = "a table")]
    pub fn meaning(self) -> ProblemMeaning {
        const NOTHING: &str = "nothing";
        match self {
            Self::MalformedJson => meaning(
                400,
                "The body is not JSON",
                "mends the body where the detail says",
                NOTHING,
            ),
            Self::InvalidParameter => {
                meaning(400, "A parameter is wrong", "mends the query", NOTHING)
            }
            Self::Unauthenticated => meaning(
                401,
                "Who calls is unknown",
                "sends a valid key or push credential",
                NOTHING,
            ),
            Self::Forbidden => meaning(
                403,
                "The key may not do this",
                "uses a key with the scope in the detail",
                NOTHING,
            ),
            Self::NotFound => meaning(
                404,
                "There is no such thing",
                "checks path and ids",
                NOTHING,
            ),
            Self::MethodNotAllowed => meaning(
                405,
                "This path has no such method",
                "uses a method of the Allow header",
                NOTHING,
            ),
            Self::BodyTooLarge => meaning(
                413,
                "The body is too large",
                "sends less: 1 MiB at most, 256 KiB in a push",
                NOTHING,
            ),
            Self::UnsupportedMediaType => meaning(
                415,
                "The body is not sent as JSON",
                "sends Content-Type: application/json",
                NOTHING,
            ),
            Self::InProgress => meaning(
                409,
                "The order is being worked on",
                "repeats the request after Retry-After",
                NOTHING,
            ),
            Self::InUse => meaning(
                409,
                "It is in use",
                "waits until nothing needs it, or repeats the request with `force=true`",
                NOTHING,
            ),
            Self::Stale => meaning(
                412,
                "It was changed in the meantime",
                "reads it again, and repeats the request with the new `ETag` if it is still meant",
                NOTHING,
            ),
            Self::InvalidRequest => meaning(
                422,
                "The request is invalid",
                "mends every field that errors names",
                NOTHING,
            ),
            Self::UnknownAccountAlias => meaning(
                422,
                "There is no such logistic account",
                "names one of its accounts",
                "adds the account",
            ),
            Self::CapabilityNotSupported => meaning(
                422,
                "The aggregator cannot do this",
                "does without, or uses another account",
                "adds the URL to the account, if the detail says that it is missing",
            ),
            Self::OrderNumberReused => meaning(
                422,
                "The order number was used with other content",
                "repeats the first content, or uses another order number",
                NOTHING,
            ),
            Self::RefusedByAggregator => meaning(
                422,
                "The aggregator refused",
                "mends what the aggregator's code and message say; the order number is free again",
                NOTHING,
            ),
            Self::Throttled => meaning(
                429,
                "Too many requests",
                "repeats the request after Retry-After; nothing was done",
                "raises ClientRate if the client's traffic is right",
            ),
            Self::AggregatorCredentials => meaning(
                502,
                "The aggregator refused the account's credentials",
                "tells the operator",
                "renews the account's credentials",
            ),
            Self::AggregatorUnreadable => meaning(
                502,
                "The aggregator's answer cannot be read",
                "repeats the request later",
                "looks into the aggregator's answers",
            ),
            Self::AggregatorUnavailable => meaning(
                503,
                "The aggregator is unavailable",
                "repeats the request after Retry-After; nothing was bought",
                "looks whether the aggregator is down",
            ),
            Self::OutcomeUnknown => meaning(
                504,
                "A label may exist",
                "repeats the same request: it finds out, and never buys twice",
                "settles the order with POST /shipping-labels/settle if repeats do not",
            ),
            Self::Unavailable => meaning(
                503,
                "The service is unavailable",
                "repeats the request after Retry-After",
                "looks at the logs",
            ),
            Self::Internal => meaning(
                500,
                "Something is wrong with us",
                "repeats the request later",
                "looks at the logs",
            ),
        }
    }

    /// How loud the log line about it is: errors are the operator's to look at, warnings if they do not pass.
    pub fn level(self) -> Level {
        match self {
            Self::AggregatorCredentials | Self::Unavailable | Self::Internal => Level::ERROR,
            Self::AggregatorUnreadable | Self::AggregatorUnavailable | Self::OutcomeUnknown => {
                Level::WARN
            }
            Self::MalformedJson
            | Self::InvalidParameter
            | Self::Unauthenticated
            | Self::Forbidden
            | Self::NotFound
            | Self::MethodNotAllowed
            | Self::BodyTooLarge
            | Self::UnsupportedMediaType
            | Self::InProgress
            | Self::InUse
            | Self::Stale
            | Self::InvalidRequest
            | Self::UnknownAccountAlias
            | Self::CapabilityNotSupported
            | Self::OrderNumberReused
            | Self::RefusedByAggregator
            | Self::Throttled => Level::INFO,
        }
    }

    /// All kinds, in the order of the documentation.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::iter()
    }
}

/// An error answer in the making.
#[derive(Debug)]
pub struct Problem {
    kind: ProblemKind,
    detail: String,
    errors: Option<Vec<Violation>>,
    aggregator: Option<Box<RefusalBody>>,
    count: Option<u64>,
    headers: Vec<(HeaderName, HeaderValue)>,
    /// What led to it, for the log alone.
    cause: Option<Box<str>>,
}

impl Problem {
    /// A problem with something to say.
    pub fn new(kind: ProblemKind, detail: impl Into<String>) -> Self {
        Self {
            kind,
            detail: detail.into(),
            errors: None,
            aggregator: None,
            count: None,
            headers: Vec::new(),
            cause: None,
        }
    }

    /// What kind it is.
    pub fn kind(&self) -> ProblemKind {
        self.kind
    }

    /// What led to it, on one line; `None` if the kind says it all.
    pub fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    /// Keeps what led to it for the log: the answer does not tell it.
    fn because(self, failure: &dyn std::error::Error) -> Self {
        Self {
            cause: Some(chain(failure).into()),
            ..self
        }
    }

    /// Nobody proved who calls; `scheme` says how.
    pub fn unauthenticated(detail: &str, scheme: &'static str) -> Self {
        Self::new(ProblemKind::Unauthenticated, detail)
            .with(WWW_AUTHENTICATE, HeaderValue::from_static(scheme))
    }

    /// The client has called too often.
    pub fn throttled(after: Duration) -> Self {
        Self::retry(ProblemKind::Throttled, "the client calls too often", after)
    }

    /// The path exists, with other methods.
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
            count => format!("{count} fields are wrong; see errors"),
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

    fn contended() -> Self {
        Self::retry(
            ProblemKind::Unavailable,
            "too many requests change it at once",
            Duration::from_secs(1),
        )
    }

    fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// The answer to the request with this id.
    pub fn into_response(self, request_id: &str) -> Response<Body> {
        let meaning = self.kind.meaning();
        let body = ProblemBody {
            kind: format!("{DOCUMENTATION}{}", self.kind.slug()),
            title: meaning.title,
            status: meaning.status,
            detail: self.detail,
            instance: request_id.to_owned(),
            errors: self.errors,
            aggregator: self.aggregator.map(|refusal| *refusal),
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

impl From<Unreadable> for Problem {
    fn from(unreadable: Unreadable) -> Self {
        match unreadable {
            Unreadable::NotJson(detail) => Self::new(ProblemKind::MalformedJson, detail),
            Unreadable::Invalid(errors) => Self::invalid(errors),
        }
    }
}

/// Reading the caller's key is the first thing that needs our state.
impl From<StoreFailure> for Problem {
    fn from(failure: StoreFailure) -> Self {
        let problem = match failure {
            StoreFailure::Unavailable(_)
            | StoreFailure::Incomplete
            | StoreFailure::MissingItem
            | StoreFailure::KeyringUnavailable(_) => Self::retry(
                ProblemKind::Unavailable,
                "our state is out of reach",
                Duration::from_secs(5),
            ),
            StoreFailure::Contended => Self::contended(),
            StoreFailure::Corrupt(_)
            | StoreFailure::CorruptBody(_)
            | StoreFailure::InvalidCall(_)
            | StoreFailure::Sealed(_) => Self::new(ProblemKind::Internal, "nothing was done"),
        };
        problem.because(&failure)
    }
}

impl From<ReceiveFailure> for Problem {
    fn from(failure: ReceiveFailure) -> Self {
        const SOON: Duration = Duration::from_secs(5);
        let cause = chain(&failure);
        let problem = match failure {
            ReceiveFailure::Unreadable(unreadable) => unreadable.into(),
            ReceiveFailure::Unproved => Self::unauthenticated(
                "the proof in the body is not the account's",
                "Basic realm=\"rms\"",
            ),
            ReceiveFailure::TooLarge => Self::new(
                ProblemKind::BodyTooLarge,
                "the push cannot be compressed to what can be stored",
            ),
            ReceiveFailure::UnknownAggregator(_) => Self::retry(
                ProblemKind::Unavailable,
                "this version does not know the account's aggregator; push it again",
                SOON,
            ),
            ReceiveFailure::NotEncoded(_) => Self::new(ProblemKind::Internal, "nothing was done"),
            ReceiveFailure::NotStored(failure) => failure.into(),
            ReceiveFailure::NotSent(_) => Self::retry(
                ProblemKind::Unavailable,
                "the notification is not on its way yet; push it again",
                SOON,
            ),
        };
        Self {
            cause: Some(cause.into()),
            ..problem
        }
    }
}

impl From<PublishFailure> for Problem {
    fn from(failure: PublishFailure) -> Self {
        match failure {
            PublishFailure::OtherContent => Self::new(
                ProblemKind::OrderNumberReused,
                "the same message was already sent with other content",
            ),
            PublishFailure::NotStored(failure) => failure.into(),
            PublishFailure::NotSent(error) => {
                let problem = Self::retry(
                    ProblemKind::Unavailable,
                    "the message is stored, but not on its way yet; repeat the request",
                    Duration::from_secs(5),
                );
                problem.because(&error)
            }
            PublishFailure::NotSerialised(_) | PublishFailure::NotPacked(_) => {
                Self::new(ProblemKind::Internal, "nothing was done").because(&failure)
            }
        }
    }
}

impl From<InUse> for Problem {
    fn from(in_use: InUse) -> Self {
        let InUse { count, by, is_more } = in_use;
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
    fn of(failure: FlowFailure) -> Self {
        const SOON: Duration = Duration::from_secs(5);
        match failure {
            FlowFailure::NotFound(detail) => Self::new(ProblemKind::NotFound, detail),
            FlowFailure::Invalid(errors) => Self::invalid(errors),
            FlowFailure::UnknownAlias(detail) => Self {
                errors: Some(vec![Violation {
                    pointer: "/logisticAccountAlias".to_owned(),
                    detail: detail.to_owned(),
                }]),
                ..Self::new(ProblemKind::UnknownAccountAlias, detail)
            },
            FlowFailure::LacksScope(scope) => Self::new(
                ProblemKind::Forbidden,
                format!("the API key lacks the scope {scope}, so it cannot give it to another"),
            ),
            FlowFailure::NotSupported(detail) => {
                Self::new(ProblemKind::CapabilityNotSupported, detail)
            }
            FlowFailure::InProgress(after) => Self::retry(
                ProblemKind::InProgress,
                "another request is working on this order",
                after,
            ),
            FlowFailure::OrderNumberReused => Self::new(
                ProblemKind::OrderNumberReused,
                "this order number stands for a request with other content",
            ),
            FlowFailure::Refused(name, refusal) => Self {
                aggregator: Some(Box::new(RefusalBody {
                    name: name.to_string(),
                    code: refusal.code,
                    message: refusal.message,
                })),
                ..Self::new(
                    ProblemKind::RefusedByAggregator,
                    "the aggregator refused; its own words are under aggregator",
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
                "the aggregator answered with what nobody can read",
            ),
            FlowFailure::AggregatorUnavailable(after, _) => Self::retry(
                ProblemKind::AggregatorUnavailable,
                "the aggregator did nothing",
                after.unwrap_or(SOON),
            ),
            FlowFailure::OutcomeUnknown(_) => Self::new(
                ProblemKind::OutcomeUnknown,
                "the aggregator gave no clear answer, so a label may exist; repeat the same request to find out",
            ),
            FlowFailure::Stale => Self::new(
                ProblemKind::Stale,
                "it is not as the request expects it: somebody else changed, made or removed it",
            ),
            FlowFailure::InUse(in_use) => in_use.into(),
            FlowFailure::Contended => Self::contended(),
            FlowFailure::NoRandomness(_) => Self::new(ProblemKind::Internal, "nothing was done"),
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
mod tests {
    use std::collections::BTreeSet;
    use std::fmt::Write;

    use super::*;

    const COMMITTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/errors.md");
    const INTRODUCTION: &str = "\
# Errors

Every error answer is `application/problem+json` (RFC 9457): `type` ends in one of the names below and leads to its
section, `detail` says what is wrong in this case, `instance` is the request's id, which is also in the header
`x-request-id` and in every line of our logs about the request ([logs.md](logs.md)). `errors` lists every wrong field with
its JSON pointer. `aggregator` has the words of an aggregator that refused. Branch on `type` or the status, never on the
texts.

What the API Gateway itself answers before it calls us (a body over 6 MB, its own throttling) is bare JSON with a
`message`.

Made from the code by `UPDATE_DOCS=1 cargo test -p logistics`.

| name | status | title | the caller | the operator |
|---|---|---|---|---|
";

    #[test]
    fn the_documented_kinds_are_the_present_ones() {
        let mut page = INTRODUCTION.to_owned();
        for kind in ProblemKind::all() {
            let (slug, meaning) = (kind.slug(), kind.meaning());
            let ProblemMeaning {
                status,
                title,
                caller,
                operator,
            } = meaning;
            writeln!(
                page,
                "| [`{slug}`](#{slug}) | {status} | {title} | {caller} | {operator} |"
            )
            .unwrap();
        }
        for kind in ProblemKind::all() {
            let (slug, meaning) = (kind.slug(), kind.meaning());
            let ProblemMeaning {
                status,
                title,
                caller,
                operator,
            } = meaning;
            write!(
                page,
                "\n## {slug}\n\n{status}: {title}.\n\n- The caller {caller}.\n- The operator {}.\n",
                if operator == "nothing" {
                    "does nothing"
                } else {
                    operator
                }
            )
            .unwrap();
        }
        crate::docs::hold(COMMITTED, &page);
    }

    #[test]
    fn a_slug_is_a_kind_s_alone() {
        let slugs: BTreeSet<_> = ProblemKind::all().map(ProblemKind::slug).collect();
        assert_eq!(slugs.len(), ProblemKind::all().count());
    }

    #[test]
    fn the_type_of_a_problem_leads_to_its_section() {
        let response =
            Problem::new(ProblemKind::OutcomeUnknown, "a label may exist").into_response("id-1");
        assert_eq!(response.status(), 504);
        let body: serde_json::Value = serde_json::from_slice(response.body()).unwrap();
        assert!(
            body["type"]
                .as_str()
                .unwrap()
                .ends_with("docs/errors.md#outcome-unknown")
        );
        assert_eq!(body["instance"], "id-1");
    }

    #[test]
    fn a_wait_is_told_in_whole_seconds_from_1_to_900() {
        for (wait, told) in [
            (Duration::ZERO, "1"),
            (Duration::from_millis(1500), "2"),
            (Duration::from_hours(24), "900"),
            (Duration::MAX, "900"),
        ] {
            let response = Problem::from(FlowFailure::InProgress(wait)).into_response("id");
            assert_eq!(response.headers()["retry-after"], told);
        }
    }

    #[test]
    fn a_refusal_is_told_in_the_aggregator_s_own_words() {
        let refusal = crate::partners::failure::Refusal {
            code: Some("E17".to_owned()),
            message: Some("no courier goes there".to_owned()),
        };
        let failure = FlowFailure::Refused("OTHER".parse().unwrap(), refusal);
        let response = Problem::from(failure).into_response("id");
        assert_eq!(response.status(), 422);
        let body: serde_json::Value = serde_json::from_slice(response.body()).unwrap();
        assert_eq!(
            body["aggregator"],
            serde_json::json!({"name": "OTHER", "code": "E17", "message": "no courier goes there"})
        );
    }
}
