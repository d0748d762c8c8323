//! Parses the query parameters: exactly one of the supported queries.

use jiff::Timestamp;
use lambda_http::{Request, RequestExt};
use logistics::contract::messages::KINDS;
use logistics::domain::message::MessageKind;
use logistics::domain::span::Span;
use logistics::domain::text::{EndpointId, SubjectCode};
use logistics::edge::problem::Problem;
use logistics::edge::problem::kind::ProblemKind;
use logistics::edge::request::parameter;
use logistics::store::cursor::Cursor;
use logistics::store::delivering::undelivered::Waiting;
use utoipa::IntoParams;

/// A supported query.
#[derive(Debug)]
pub(crate) enum MessageQuestion {
    /// The messages about a subject.
    Subject(SubjectCode, Span, Option<Cursor>),
    /// The messages of a kind.
    Kind(MessageKind, Span, Option<Cursor>),
    /// The failed or pending messages of an endpoint.
    Undelivered(EndpointId, Waiting, Span, Option<Cursor>),
    /// The messages parked for a suspended endpoint.
    Parked(EndpointId, Span, Option<Cursor>),
}

/// The query parameters: exactly one of `subject`, `endpointId` with `status`, and `kind`.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct MessageParameters {
    /// Messages about this order, return order or other subject, in the order in which RMS accepted them.
    subject: Option<SubjectCode>,
    /// Undelivered messages of this endpoint, the newest failure first; requires `status`.
    #[param(rename = "endpointId")]
    endpoint_id: Option<EndpointId>,
    /// With `endpointId`: `failed` (given up), `pending` (failed at least once and being retried) or `parked` (waiting while
    /// the endpoint is suspended; by lane, the oldest of a lane first).
    #[param(example = "failed")]
    status: Option<String>,
    /// Messages of this kind, the newest first; not `NOTIFICATION`.
    kind: Option<MessageKind>,
    /// Only those at or after this time (RFC 3339): the time of acceptance (also for `parked`), of the failure, or, for
    /// `pending`, of the first attempt.
    #[param(value_type = Option<String>, format = DateTime)]
    since: Option<Timestamp>,
    /// Only those before this time (RFC 3339).
    #[param(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
    /// The `cursor` of the previous page.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

impl MessageParameters {
    fn of(request: &Request) -> Result<Self, Problem> {
        Ok(Self {
            since: parameter(request, "since")?,
            until: parameter(request, "until")?,
            cursor: parameter(request, "cursor")?,
            subject: parameter(request, "subject")?,
            endpoint_id: parameter(request, "endpointId")?,
            status: parameter(request, "status")?,
            kind: kind(request)?,
        })
    }
}

/// Each query with the parameters that it may be combined with.
const QUESTIONS: [(&str, &[&str]); 3] = [
    ("subject", &["since", "until", "cursor"]),
    ("endpointId", &["status", "since", "until", "cursor"]),
    ("kind", &["since", "until", "cursor"]),
];
/// All parameters.
const PARAMETERS: [&str; 7] = [
    "subject",
    "endpointId",
    "kind",
    "status",
    "since",
    "until",
    "cursor",
];

/// Parses the query.
pub(crate) fn read(request: &Request) -> Result<MessageQuestion, Problem> {
    refuse_two_questions(request)?;
    let given = MessageParameters::of(request)?;
    let span = Span {
        since: given.since,
        until: given.until,
    };
    if let Some(subject) = given.subject {
        return Ok(MessageQuestion::Subject(subject, span, given.cursor));
    }
    if let Some(endpoint) = given.endpoint_id {
        return undelivered(endpoint, given.status.as_deref(), span, given.cursor);
    }
    match given.kind {
        Some(MessageKind::Notification) => Err(wrong(
            "notifications cannot be listed by kind: ask for them by subject or endpointId"
                .to_owned(),
        )),
        Some(kind) => Ok(MessageQuestion::Kind(kind, span, given.cursor)),
        None => Err(wrong(
            "give subject, endpointId with status=failed, parked or pending, or kind".to_owned(),
        )),
    }
}

/// The first given parameter of [`QUESTIONS`] decides which others are allowed.
fn refuse_two_questions(request: &Request) -> Result<(), Problem> {
    let is_given = |name: &str| {
        let parameters = request.query_string_parameters_ref();
        parameters.is_some_and(|parameters| parameters.first(name).is_some())
    };
    let Some((question, beside)) = QUESTIONS.iter().find(|(question, _)| is_given(question)) else {
        return Ok(());
    };
    let stray = PARAMETERS
        .iter()
        .find(|name| *name != question && !beside.contains(name) && is_given(name));
    stray.map_or(Ok(()), |stray| {
        Err(wrong(format!(
            "the parameter {stray} does not go with {question}: only {} do",
            beside.join(", ")
        )))
    })
}

fn kind(request: &Request) -> Result<Option<MessageKind>, Problem> {
    let Some(word) = parameter::<String>(request, "kind")? else {
        return Ok(None);
    };
    let kind = word.parse().map(Some);
    kind.map_err(|_| wrong(format!("the parameter kind must be {KINDS}")))
}

/// The query for an endpoint's deliveries, by their state.
fn undelivered(
    endpoint: EndpointId,
    status: Option<&str>,
    span: Span,
    cursor: Option<Cursor>,
) -> Result<MessageQuestion, Problem> {
    let state = match status {
        Some("failed") => Waiting::Failed,
        Some("pending") => Waiting::Pending,
        Some("parked") => return Ok(MessageQuestion::Parked(endpoint, span, cursor)),
        Some(_) | None => {
            return Err(wrong(
                "with endpointId give the parameter status: failed, parked or pending".to_owned(),
            ));
        }
    };
    Ok(MessageQuestion::Undelivered(endpoint, state, span, cursor))
}

fn wrong(detail: String) -> Problem {
    Problem::new(ProblemKind::InvalidParameter, detail)
}
