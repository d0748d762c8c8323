//! What a query asks for: exactly one kind of question.

use jiff::Timestamp;
use lambda_http::{Request, RequestExt};
use logistics::contract::messages::KINDS;
use logistics::domain::message::MessageKind;
use logistics::domain::span::Span;
use logistics::domain::text::{EndpointId, SubjectCode};
use logistics::edge::problem::{Problem, ProblemKind};
use logistics::edge::request::parameter;
use logistics::store::cursor::Cursor;
use logistics::store::delivering::undelivered::Waiting;
use utoipa::IntoParams;

/// A question.
#[derive(Debug)]
pub(crate) enum MessageQuestion {
    /// The messages about a subject.
    Subject(SubjectCode, Span),
    /// The messages of a kind.
    Kind(MessageKind, Span, Option<Cursor>),
    /// The messages that an endpoint did not take.
    Undelivered(EndpointId, Waiting, Span, Option<Cursor>),
    /// The messages that wait until an endpoint is active again.
    Parked(EndpointId, Span, Option<Cursor>),
}

/// Which messages are looked for: exactly one of `subject`, `endpointId` with `status`, and `kind`.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct MessageParameters {
    /// Those about this order, return order or other subject, in the order in which RMS accepted them.
    #[param(value_type = Option<String>, example = "asdf1234")]
    subject: Option<SubjectCode>,
    /// Those that this endpoint did not take, the newest failure first; with `status`.
    #[param(rename = "endpointId", value_type = Option<String>)]
    endpoint_id: Option<EndpointId>,
    /// With `endpointId` `failed`: deliveries that were given up; `pending`: deliveries that failed at least once and are
    /// tried again; or `parked`: deliveries that wait until the suspended endpoint is active again, lane by lane, the
    /// oldest of a lane first.
    #[param(example = "failed")]
    status: Option<String>,
    /// Those of this kind, the newest first; not `NOTIFICATION`.
    kind: Option<MessageKind>,
    /// Only those that were accepted (`parked` ones too), failed, or, if they are `pending`, were first attempted at this
    /// moment or later (RFC 3339).
    #[param(value_type = Option<String>)]
    since: Option<Timestamp>,
    /// Only those before this moment (RFC 3339).
    #[param(value_type = Option<String>)]
    until: Option<Timestamp>,
    /// With `endpointId` or `kind`: the `cursor` of the page before.
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

/// Each kind of question with the parameters that may stand beside it.
const QUESTIONS: [(&str, &[&str]); 3] = [
    ("subject", &["since", "until"]),
    ("endpointId", &["status", "since", "until", "cursor"]),
    ("kind", &["since", "until", "cursor"]),
];
/// Every parameter.
const PARAMETERS: [&str; 7] = [
    "subject",
    "endpointId",
    "kind",
    "status",
    "since",
    "until",
    "cursor",
];

/// Reads the question of a query.
pub(crate) fn read(request: &Request) -> Result<MessageQuestion, Problem> {
    refuse_two_questions(request)?;
    let given = MessageParameters::of(request)?;
    let span = Span {
        since: given.since,
        until: given.until,
    };
    if let Some(subject) = given.subject {
        return Ok(MessageQuestion::Subject(subject, span));
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

/// The parameter that is a question decides which others may be there.
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

/// Where the deliveries stand that are looked for.
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
