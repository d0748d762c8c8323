//! What a query asks for: exactly one kind of question.

use jiff::Timestamp;
use lambda_http::{Request, RequestExt};
use logistics::domain::span::Span;
use logistics::domain::text::{AggregatorName, Awb, EndpointId, OrderNumber};
use logistics::edge::problem::{Problem, ProblemKind};
use logistics::edge::request::parameter;
use logistics::store::cursor::Cursor;
use logistics::store::delivering::undelivered::Waiting;
use logistics::store::notifying::unmapped::UnmappedQuery;
use utoipa::IntoParams;

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

/// Which notifications are wanted: exactly one of `orderNumber`, `awb`, `endpointId` with `status`, and
/// `status=unmapped`.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Parameters {
    /// Those of this order, forward and return, every parcel, in the order of their arrival.
    #[param(rename = "orderNumber", value_type = Option<String>, example = "asdf1234")]
    order_number: Option<OrderNumber>,
    /// Those of the shipment that was booked under this AWB, in the order of their arrival.
    #[param(value_type = Option<String>)]
    awb: Option<Awb>,
    /// Those that this endpoint does not take, the newest failure first; with `status`.
    #[param(rename = "endpointId", value_type = Option<String>)]
    endpoint_id: Option<EndpointId>,
    /// With `endpointId` `failed`: deliveries that were given up; `pending`: deliveries that failed at least once and are
    /// tried again; or `parked`: deliveries that wait until the suspended endpoint takes something again, lane by lane,
    /// the oldest of a lane first. Alone `unmapped`: notifications for whose code RMS has no word.
    #[param(example = "failed")]
    status: Option<String>,
    /// With `status=unmapped`: only those of this aggregator, by its name.
    #[param(value_type = Option<String>, example = "CLICKPOST")]
    aggregator: Option<AggregatorName>,
    /// Only those that came (`parked` ones too), failed, or, if they are `pending`, were first attempted at this moment or
    /// later (RFC 3339).
    #[param(value_type = Option<String>)]
    since: Option<Timestamp>,
    /// Only those before this moment (RFC 3339).
    #[param(value_type = Option<String>)]
    until: Option<Timestamp>,
    /// With `endpointId` or `status=unmapped`: the `cursor` of the page before.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

impl Parameters {
    fn of(request: &Request) -> Result<Self, Problem> {
        Ok(Self {
            since: parameter(request, "since")?,
            until: parameter(request, "until")?,
            order_number: parameter(request, "orderNumber")?,
            awb: parameter(request, "awb")?,
            cursor: parameter(request, "cursor")?,
            endpoint_id: parameter(request, "endpointId")?,
            status: parameter(request, "status")?,
            aggregator: parameter(request, "aggregator")?,
        })
    }
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
    let given = Parameters::of(request)?;
    let span = Span {
        since: given.since,
        until: given.until,
    };
    if let Some(order_number) = given.order_number {
        return Ok(Question::Order(order_number, span));
    }
    if let Some(awb) = given.awb {
        return Ok(Question::Awb(awb, span));
    }
    let status = given.status.as_deref();
    if let Some(endpoint) = given.endpoint_id {
        return Ok(match state(status)? {
            Some(state) => Question::Endpoint(endpoint, state, span, given.cursor),
            None => Question::Parked(endpoint, span, given.cursor),
        });
    }
    if status != Some("unmapped") {
        return Err(wrong(
            "give orderNumber, awb, endpointId with status=failed, parked or pending, or status=unmapped"
                .to_owned(),
        ));
    }
    Ok(Question::Unmapped(UnmappedQuery {
        aggregator: given.aggregator,
        span,
        cursor: given.cursor,
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
fn state(status: Option<&str>) -> Result<Option<Waiting>, Problem> {
    match status {
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
