//! `GET /return-orders`: one return order by its code, or a list.

use jiff::Timestamp;
use lambda_http::Request;
use lambda_http::http::StatusCode;
use logistics::contract::problem::ProblemBody;
use logistics::contract::return_order::shown::{FoundReturnsBody, ReturnListBody};
use logistics::domain::returning::code::ReturnOrderCode;
use logistics::domain::returning::state::ReturnOrderState;
use logistics::domain::span::Span;
use logistics::domain::text::OrderNumber;
use logistics::edge::answer;
use logistics::edge::page::Page;
use logistics::edge::problem::Problem;
use logistics::edge::problem::kind::ProblemKind;
use logistics::edge::problem_sets::KeyProblems;
use logistics::edge::request::{Answer, parameter};
use logistics::flows::returning::get_return::get_return;
use logistics::flows::returning::list_returns::list_returns;
use logistics::store::cursor::Cursor;
use logistics::store::returning::return_index::ReturnQuery;
use utoipa::IntoParams;

use crate::{Asking, CODE, shown};

/// The page size: each return order is read with everything that happened to it.
const PAGE: i32 = 25;

/// The query parameters: `returnOrderCode` alone, or any of the others.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ReturnParameters {
    /// The return order with this code, as `GET /return-orders/{returnOrderCode}` returns it.
    #[param(rename = "returnOrderCode")]
    code: Option<ReturnOrderCode>,
    /// Only the returns of this order.
    #[param(rename = "forwardOrderCode")]
    forward_order: Option<OrderNumber>,
    /// Only those in this state. A page may then have fewer entries than the next one.
    state: Option<ReturnOrderState>,
    /// Only those created at or after this time (RFC 3339).
    #[param(value_type = Option<String>, format = DateTime)]
    since: Option<Timestamp>,
    /// Only those created before this time (RFC 3339).
    #[param(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
    /// The `cursor` of the previous page.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

impl ReturnParameters {
    fn of(request: &Request) -> Result<Self, Problem> {
        Ok(Self {
            code: parameter(request, CODE)?,
            forward_order: parameter(request, "forwardOrderCode")?,
            state: state(request)?,
            since: parameter(request, "since")?,
            until: parameter(request, "until")?,
            cursor: parameter(request, "cursor")?,
        })
    }
}

fn state(request: &Request) -> Result<Option<ReturnOrderState>, Problem> {
    let word: Option<String> = parameter(request, "state")?;
    let read = word.map(|word| word.parse());
    read.transpose().map_err(|_| {
        let detail = "the parameter state must be a state of a return order, such as IN_TRANSIT";
        Problem::new(ProblemKind::InvalidParameter, detail)
    })
}

/// Lists return orders, newest first, or returns the one with `returnOrderCode`.
#[utoipa::path(
    get, path = "/return-orders", tag = "return", operation_id = "list_return_orders",
    params(ReturnParameters),
    responses(
        (status = 200, description = "A page of return orders, or the one with the code", body = FoundReturnsBody),
        (status = 400, description = "Invalid query parameter", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "Return order not found", body = ProblemBody, content_type = "application/problem+json"),
        KeyProblems,
    ),
    security(("bearer" = ["returns"]), ("apiKey" = ["returns"])),
)]
pub async fn find(asking: &Asking<'_>, request: &Request) -> Answer {
    let given = ReturnParameters::of(request)?;
    if let Some(code) = &given.code {
        let found = get_return(asking.request(), code).await?;
        return Ok(answer::once(&shown(&found), false));
    }
    let query = ReturnQuery {
        client: &asking.caller.client_id,
        forward_order: given.forward_order.as_ref(),
        span: Span {
            since: given.since,
            until: given.until,
        },
        cursor: given.cursor,
        most: PAGE,
    };
    let found = list_returns(&asking.app.returning, &query, given.state).await?;
    let page = Page::fitting(found.returns, found.cursor, |found| shown(&found));
    let body = ReturnListBody {
        return_orders: page.entries,
        cursor: page.cursor.map(|cursor| cursor.to_string()),
    };
    Ok(answer::json(StatusCode::OK, &body))
}
