//! `GET /v3/fulfillment/outbound/oms`: a page of outbound orders.

use std::str::FromStr;

use jiff::Timestamp;
use lambda_http::Request;
use lambda_http::http::StatusCode;
use logistics::contract::envelope::{EnvelopeBody, FailedEnvelopeBody};
use logistics::contract::fulfilling::shown::OutboundListBody;
use logistics::domain::fulfilling::state::OutboundState;
use logistics::domain::fulfilling::warehouse_state::WarehouseState;
use logistics::domain::span::Span;
use logistics::edge::answer;
use logistics::edge::page::Page;
use logistics::edge::problem::Problem;
use logistics::edge::problem::kind::ProblemKind;
use logistics::edge::problem_sets::{Enveloped, KeyProblems};
use logistics::edge::request::{Answer, parameter};
use logistics::flows::fulfilling::list_orders::{WantedOutbound, list_orders};
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
    /// Only those in this state between platform and OMS. A page may then have fewer entries than the next one.
    state: Option<OutboundState>,
    /// Only those in this state in the warehouse; likewise.
    warehouse_state: Option<WarehouseState>,
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
            state: word(request, "state", "of an outbound order, such as CONFIRMED")?,
            warehouse_state: word(
                request,
                "warehouse_state",
                "in the warehouse, such as SHIPPED",
            )?,
            since: parameter(request, "since")?,
            until: parameter(request, "until")?,
            cursor: parameter(request, "cursor")?,
        })
    }
}

/// The state that a parameter names.
fn word<T: FromStr>(request: &Request, name: &str, which: &str) -> Result<Option<T>, Problem> {
    let word: Option<String> = parameter(request, name)?;
    let read = word.map(|word| word.parse());
    read.transpose().map_err(|_| {
        let detail = format!("the parameter {name} must be a state {which}");
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
        is_unknown: given.state == Some(OutboundState::Unknown),
        span: Span {
            since: given.since,
            until: given.until,
        },
        cursor: given.cursor,
        most: PAGE,
    };
    let wanted = WantedOutbound {
        state: given.state,
        warehouse: given.warehouse_state,
    };
    let found = list_orders(&asking.app.fulfilling, &query, wanted).await?;
    let page = Page::fitting(found.orders, found.cursor, |found| shown(&found));
    let body = OutboundListBody {
        orders: page.entries,
        cursor: page.cursor.map(|cursor| cursor.to_string()),
    };
    Ok(answer::json(StatusCode::OK, &body))
}
