//! What a query asks for: exactly one kind of question.

use lambda_http::{Request, RequestExt};
use logistics::domain::span::Span;
use logistics::domain::text::{Awb, EndpointId, OrderNumber};
use logistics::edge::problem::{Problem, ProblemKind};
use logistics::edge::request::parameter;
use logistics::store::cursor::Cursor;
use logistics::store::delivering::undelivered::Waiting;
use logistics::store::notifying::unmapped::UnmappedQuery;

/// A question.
#[derive(Debug)]
pub(crate) enum Question {
    /// The notifications of an order.
    Order(OrderNumber, Span),
    /// The notifications of the shipment with an AWB.
    Awb(Awb, Span),
    /// The deliveries that an endpoint does not take.
    Endpoint(EndpointId, Waiting, Span, Option<Cursor>),
    /// The deliveries that wait for an endpoint to take something again.
    Parked(EndpointId, Span, Option<Cursor>),
    /// What we have no word for.
    Unmapped(UnmappedQuery),
}

/// Each kind of question with the parameters that may stand beside it.
const KINDS: [(&str, &[&str]); 4] = [
    ("orderNumber", &["since", "until"]),
    ("awb", &["since", "until"]),
    ("endpointId", &["status", "since", "until", "cursor"]),
    ("status", &["aggregator", "since", "until", "cursor"]),
];
/// Every parameter.
const PARAMETERS: [&str; 8] = [
    "orderNumber",
    "awb",
    "endpointId",
    "status",
    "aggregator",
    "since",
    "until",
    "cursor",
];

/// Reads the question of a query.
pub(crate) fn read(request: &Request) -> Result<Question, Problem> {
    refuse_two_questions(request)?;
    let span = Span {
        since: parameter(request, "since")?,
        until: parameter(request, "until")?,
    };
    if let Some(order_number) = parameter(request, "orderNumber")? {
        return Ok(Question::Order(order_number, span));
    }
    if let Some(awb) = parameter(request, "awb")? {
        return Ok(Question::Awb(awb, span));
    }
    let cursor = parameter(request, "cursor")?;
    if let Some(endpoint) = parameter(request, "endpointId")? {
        return Ok(match state(request)? {
            Some(state) => Question::Endpoint(endpoint, state, span, cursor),
            None => Question::Parked(endpoint, span, cursor),
        });
    }
    if parameter::<String>(request, "status")?.as_deref() != Some("unmapped") {
        return Err(wrong(
            "give orderNumber, awb, endpointId with status=failed, parked or pending, or status=unmapped"
                .to_owned(),
        ));
    }
    Ok(Question::Unmapped(UnmappedQuery {
        aggregator: parameter(request, "aggregator")?,
        span,
        cursor,
    }))
}

/// The first parameter that is a question decides which others may be there.
fn refuse_two_questions(request: &Request) -> Result<(), Problem> {
    let is_given = |name: &str| {
        let parameters = request.query_string_parameters_ref();
        parameters.is_some_and(|parameters| parameters.first(name).is_some())
    };
    let Some((question, beside)) = KINDS.iter().find(|(question, _)| is_given(question)) else {
        return Ok(());
    };
    let stray = PARAMETERS
        .iter()
        .find(|name| *name != question && !beside.contains(name) && is_given(name));
    stray.map_or(Ok(()), |stray| {
        Err(wrong(format!(
            "the parameter {stray} does not go with {question}: beside it stand {}",
            beside.join(", ")
        )))
    })
}

/// Where the wanted deliveries stand; `None`: they are parked.
fn state(request: &Request) -> Result<Option<Waiting>, Problem> {
    match parameter::<String>(request, "status")?.as_deref() {
        Some("failed") => Ok(Some(Waiting::Failed)),
        Some("pending") => Ok(Some(Waiting::Pending)),
        Some("parked") => Ok(None),
        Some(_) | None => Err(wrong(
            "with endpointId give the parameter status: failed, parked or pending".to_owned(),
        )),
    }
}

fn wrong(detail: String) -> Problem {
    Problem::new(ProblemKind::InvalidParameter, detail)
}
