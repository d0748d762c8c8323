//! Lists of orders: by status and time, and the cancelled ones.

use jiff::Timestamp;
use lambda_http::http::StatusCode;
use logistics::contract::problem::ProblemBody;
use logistics::contract::selling::cursor::{ListMark, OrderCursor};
use logistics::contract::selling::listing::ShopOrdersBody;
use logistics::contract::selling::order::ShopOrderBody;
use logistics::contract::values::LONGEST_TEXT;
use logistics::domain::selling::listing::{OrderPosition, OrderQuery};
use logistics::edge::answer;
use logistics::edge::page::Page;
use logistics::edge::problem::Problem;
use logistics::edge::problem::kind::ProblemKind;
use logistics::edge::problem_sets::{ChannelProblems, KeyProblems};
use logistics::edge::request::{Answer, parameter};
use logistics::flows::channelling::read_orders::list_orders;
use utoipa::IntoParams;

use crate::AskedChannel;

/// How many orders a page has at most.
const PAGE: usize = 50;

/// The query parameters of a list.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct OrderParameters {
    /// Only orders with this status, in the channel's words.
    #[param(example = "processing")]
    status: Option<String>,
    /// Only orders that were created at or after this time (RFC 3339).
    #[param(rename = "createdSince", value_type = Option<String>, format = DateTime)]
    created_since: Option<Timestamp>,
    /// Only orders that were changed at or after this time (RFC 3339).
    #[param(rename = "updatedSince", value_type = Option<String>, format = DateTime)]
    updated_since: Option<Timestamp>,
    /// The `cursor` of the previous page of the same request.
    #[param(value_type = Option<String>)]
    cursor: Option<OrderCursor>,
}

/// The query parameters of the list of cancelled orders.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct CancelledParameters {
    /// Only orders that were changed at or after this time (RFC 3339).
    #[param(rename = "updatedSince", value_type = Option<String>, format = DateTime)]
    updated_since: Option<Timestamp>,
    /// The `cursor` of the previous page of the same request.
    #[param(value_type = Option<String>)]
    cursor: Option<OrderCursor>,
}

impl OrderParameters {
    fn of(asking: &AskedChannel<'_>) -> Result<Self, Problem> {
        let request = asking.request;
        let status: Option<String> = parameter(request, "status")?;
        if status
            .as_ref()
            .is_some_and(|status| status.trim().is_empty() || status.len() > LONGEST_TEXT)
        {
            return Err(Problem::new(
                ProblemKind::InvalidParameter,
                "the parameter status must not be blank, and have at most 500 characters",
            ));
        }
        Ok(Self {
            status,
            created_since: parameter(request, "createdSince")?,
            updated_since: parameter(request, "updatedSince")?,
            cursor: parameter(request, "cursor")?,
        })
    }
}

/// The channel's orders, in the order of their last change. An order that changes while it is listed comes again at its new
/// place. One that the channel cannot show, or RMS cannot read, does not break the list: it is in `skipped`.
#[utoipa::path(
    get, path = "/channels/{alias}/orders", tag = "channels", operation_id = "list_channel_orders",
    params(
        ("alias" = logistics::domain::text::AccountAlias, Path, description = "The channel account"),
        OrderParameters,
    ),
    responses(
        (status = 200, description = "A page of orders", body = ShopOrdersBody),
        (status = 400, description = "Invalid query parameter, or a cursor of another list", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "Channel account not found", body = ProblemBody, content_type = "application/problem+json"),
        KeyProblems,
        ChannelProblems,
    ),
    security(("bearer" = ["channels"]), ("apiKey" = ["channels"])),
)]
pub async fn list(asking: &AskedChannel<'_>) -> Answer {
    let asked = OrderParameters::of(asking)?;
    let query = OrderQuery {
        status: asked.status,
        created_since: asked.created_since,
        updated_since: asked.updated_since,
        ..OrderQuery::first(PAGE)
    };
    page(asking, query, asked.cursor).await
}

/// The channel's cancelled orders, in the order of their last change.
#[utoipa::path(
    get, path = "/channels/{alias}/cancelled-orders", tag = "channels", operation_id = "list_cancelled_channel_orders",
    params(
        ("alias" = logistics::domain::text::AccountAlias, Path, description = "The channel account"),
        CancelledParameters,
    ),
    responses(
        (status = 200, description = "A page of orders", body = ShopOrdersBody),
        (status = 400, description = "Invalid query parameter, or a cursor of another list", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "Channel account not found", body = ProblemBody, content_type = "application/problem+json"),
        KeyProblems,
        ChannelProblems,
    ),
    security(("bearer" = ["channels"]), ("apiKey" = ["channels"])),
)]
pub async fn cancelled(asking: &AskedChannel<'_>) -> Answer {
    let asked = CancelledParameters {
        updated_since: parameter(asking.request, "updatedSince")?,
        cursor: parameter(asking.request, "cursor")?,
    };
    let query = OrderQuery {
        only_cancelled: true,
        updated_since: asked.updated_since,
        ..OrderQuery::first(PAGE)
    };
    page(asking, query, asked.cursor).await
}

async fn page(
    asking: &AskedChannel<'_>,
    mut query: OrderQuery,
    cursor: Option<OrderCursor>,
) -> Answer {
    let (client, alias) = (&asking.caller.client_id, &asking.alias);
    let mark = ListMark::of(client, alias, &query);
    let position = cursor.map(|cursor| cursor.within(mark)).transpose();
    query.after = position.map_err(|wrong| {
        let detail = format!("the parameter cursor {wrong}");
        Problem::new(ProblemKind::InvalidParameter, detail)
    })?;
    let page = list_orders(&asking.app.desk, client, alias, &query).await?;
    let next = page.last.filter(|_| page.has_more);
    let orders = page.orders.iter();
    let orders = orders.map(|order| (order, OrderPosition::of(order)));
    let listed = Page::fitting(orders, next, ShopOrderBody::from);
    let body = ShopOrdersBody {
        orders: listed.entries,
        skipped: page.skipped.into_iter().map(Into::into).collect(),
        cursor: listed
            .cursor
            .map(|last| OrderCursor::of(mark, last).to_string()),
    };
    Ok(answer::json(StatusCode::OK, &body))
}
