//! `GET /v3/fulfillment/outbound/oms`: a page of outbound orders.

use jiff::Timestamp;
use lambda_http::Request;
use lambda_http::http::StatusCode;
use logistics::contract::envelope::{EnvelopeBody, FailedEnvelopeBody};
use logistics::contract::fulfilling::shown::OutboundListBody;
use logistics::domain::fulfilling::state::OutboundState;
use logistics::domain::span::Span;
use logistics::edge::answer;
use logistics::edge::problem::Problem;
use logistics::edge::problem::kind::ProblemKind;
use logistics::edge::problem_sets::{Enveloped, KeyProblems};
use logistics::edge::request::{Answer, parameter};
use logistics::flows::fulfilling::list_orders::list_orders;
use logistics::store::cursor::Cursor;
use logistics::store::fulfilling::outbound_index::OutboundQuery;
use utoipa::IntoParams;

use crate::{OutboundCaller, shown};

/// The page size: each order is read with everything that happened to it.
const PAGE: i32 = 25;

/// The query parameters.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct OutboundParameters {
    /// Only those in this state. A page may then have fewer entries than the next one.
    state: Option<OutboundState>,
    /// Only those accepted at or after this time (RFC 3339).
    #[param(value_type = Option<String>, format = DateTime)]
    since: Option<Timestamp>,
    /// Only those accepted before this time (RFC 3339).
    #[param(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
    /// The `cursor` of the previous page.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

impl OutboundParameters {
    fn of(request: &Request) -> Result<Self, Problem> {
        Ok(Self {
            state: state(request)?,
            since: parameter(request, "since")?,
            until: parameter(request, "until")?,
            cursor: parameter(request, "cursor")?,
        })
    }
}

fn state(request: &Request) -> Result<Option<OutboundState>, Problem> {
    let word: Option<String> = parameter(request, "state")?;
    let read = word.map(|word| word.parse());
    read.transpose().map_err(|_| {
        let detail = "the parameter state must be a state of an outbound order, such as CONFIRMED";
        Problem::new(ProblemKind::InvalidParameter, detail)
    })
}

/// Lists outbound orders, newest first.
#[utoipa::path(
    get, path = "/v3/fulfillment/outbound/oms", tag = "fulfilment", operation_id = "list_outbound_orders",
    params(OutboundParameters),
    responses(
        (status = 200, description = "A page of orders", body = EnvelopeBody<OutboundListBody>),
        (status = 400, description = "Invalid query parameter", body = FailedEnvelopeBody),
        Enveloped<KeyProblems>,
    ),
    security(("bearer" = ["fulfilment"]), ("apiKey" = ["fulfilment"])),
)]
pub async fn list(asking: &OutboundCaller<'_>, request: &Request) -> Answer {
    let given = OutboundParameters::of(request)?;
    let query = OutboundQuery {
        client: &asking.caller.client_id,
        span: Span {
            since: given.since,
            until: given.until,
        },
        cursor: given.cursor,
        most: PAGE,
    };
    let found = list_orders(&asking.app.fulfilling, &query, given.state).await?;
    let body = OutboundListBody {
        orders: found.orders.iter().map(shown).collect(),
        cursor: found.cursor.map(|cursor| cursor.to_string()),
    };
    Ok(answer::json(StatusCode::OK, &body))
}
