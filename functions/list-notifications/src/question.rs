//! Parses the query parameters: exactly one of the supported queries.

use jiff::Timestamp;
use lambda_http::{Request, RequestExt};
use logistics::domain::span::Span;
use logistics::domain::text::{AggregatorName, Awb, EndpointId, OrderNumber};
use logistics::edge::problem::Problem;
use logistics::edge::problem::kind::ProblemKind;
use logistics::edge::request::parameter;
use logistics::store::cursor::Cursor;
use logistics::store::delivering::undelivered::Waiting;
use logistics::store::notifying::exceptions::ExceptionQuery;
use logistics::store::notifying::unmapped::UnmappedQuery;
use utoipa::IntoParams;

/// A supported query.
#[derive(Debug)]
pub(crate) enum NotificationQuestion {
    /// The notifications of an order.
    Order(OrderNumber, Span, Option<Cursor>),
    /// The notifications of the shipment with an AWB.
    Awb(Awb, Span, Option<Cursor>),
    /// The failed or pending deliveries of an endpoint.
    Endpoint(EndpointId, Waiting, Span, Option<Cursor>),
    /// The deliveries parked for a suspended endpoint.
    Parked(EndpointId, Span, Option<Cursor>),
    /// The notifications with an unknown type, and those that could not be read.
    Unmapped(UnmappedQuery),
    /// The notifications about delivery exceptions.
    Exceptions(ExceptionQuery),
}

/// The query parameters: exactly one of `orderNumber`, `awb`, `endpointId` with `status`, and `status=unmapped`,
/// `unreadable` or `exception`.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Parameters {
    /// Notifications of this order, forward and return, all parcels, in the order of arrival.
    #[param(rename = "orderNumber")]
    order_number: Option<OrderNumber>,
    /// Notifications of the shipment that was booked with this AWB, in the order of arrival.
    awb: Option<Awb>,
    /// Undelivered notifications of this endpoint, the newest failure first; requires `status`.
    #[param(rename = "endpointId")]
    endpoint_id: Option<EndpointId>,
    /// With `endpointId`: `failed` (given up), `pending` (failed at least once and being retried) or `parked` (waiting while
    /// the endpoint is suspended; by lane, the oldest of a lane first). Without it: `unmapped` (notifications with an
    /// unknown type, and unreadable ones), `unreadable` (only entries of batches that could not be read) or `exception`
    /// (notifications about delivery exceptions, such as `UNDELIVERED`).
    #[param(example = "failed")]
    status: Option<String>,
    /// With `status=unmapped`, `unreadable` or `exception`: only those of this aggregator.
    aggregator: Option<AggregatorName>,
    /// Only those at or after this time (RFC 3339): the time of arrival (also for `parked`), of the failure, or, for
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

/// Each query with the parameters that it may be combined with.
const KINDS: [(&str, &[&str]); 4] = [
    ("orderNumber", &["since", "until", "cursor"]),
    ("awb", &["since", "until", "cursor"]),
    ("endpointId", &["status", "since", "until", "cursor"]),
    ("status", &["aggregator", "since", "until", "cursor"]),
];
/// All parameters.
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

/// Parses the query.
pub(crate) fn read(request: &Request) -> Result<NotificationQuestion, Problem> {
    refuse_two_questions(request)?;
    let given = Parameters::of(request)?;
    let span = Span {
        since: given.since,
        until: given.until,
    };
    if let Some(order_number) = given.order_number {
        return Ok(NotificationQuestion::Order(
            order_number,
            span,
            given.cursor,
        ));
    }
    if let Some(awb) = given.awb {
        return Ok(NotificationQuestion::Awb(awb, span, given.cursor));
    }
    let status = given.status.as_deref();
    if let Some(endpoint) = given.endpoint_id {
        return Ok(match state(status)? {
            Some(state) => NotificationQuestion::Endpoint(endpoint, state, span, given.cursor),
            None => NotificationQuestion::Parked(endpoint, span, given.cursor),
        });
    }
    let unreadable_only = match status {
        Some("unmapped") => false,
        Some("unreadable") => true,
        Some("exception") => {
            return Ok(NotificationQuestion::Exceptions(ExceptionQuery {
                aggregator: given.aggregator,
                span,
                cursor: given.cursor,
            }));
        }
        Some(_) | None => {
            return Err(wrong(
                "give orderNumber, awb, endpointId with status=failed, parked or pending, or status=unmapped, \
                 unreadable or exception"
                    .to_owned(),
            ));
        }
    };
    Ok(NotificationQuestion::Unmapped(UnmappedQuery {
        unreadable_only,
        aggregator: given.aggregator,
        span,
        cursor: given.cursor,
    }))
}

/// The first given parameter of [`KINDS`] decides which others are allowed.
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
            "the parameter {stray} does not go with {question}: only {} do",
            beside.join(", ")
        )))
    })
}

/// The state of the requested deliveries; `None` if they are parked.
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
