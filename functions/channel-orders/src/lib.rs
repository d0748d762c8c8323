//! Reads of a channel's orders: `GET /channels/{alias}/orders`, one order, its status, and the cancelled orders.

pub mod listing;

use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, RequestExt, Response};
use logistics::contract::problem::ProblemBody;
use logistics::contract::selling::listing::OrderStatusBody;
use logistics::contract::selling::order::ShopOrderBody;
use logistics::contract::values::visible;
use logistics::domain::client::{Caller, Scope};
use logistics::domain::text::{AccountAlias, ChannelOrderId};
use logistics::edge::problem::Problem;
use logistics::edge::problem::kind::ProblemKind;
use logistics::edge::problem_sets::{ChannelProblems, KeyProblems};
use logistics::edge::request::{Answer, respond};
use logistics::edge::{answer, caller};
use logistics::flows::channelling::channel_desk::ChannelDesk;
use logistics::flows::channelling::read_orders::{WantedOrder, read_order, read_status};
use logistics::store::configuring::api_keys::ApiKeys;
use logistics::wiring::{Start, WiringFailure};

const ALIAS: &str = "alias";
const ORDER: &str = "channelOrderId";

/// The function's dependencies; its policy in the template grants the same.
#[derive(Debug)]
pub struct App {
    /// The callers' API keys.
    pub api_keys: ApiKeys,
    /// The channel accounts, and what calls to channels need.
    pub desk: ChannelDesk,
}

impl App {
    /// Builds them from the function's variables.
    pub fn new(start: &Start) -> Result<Self, WiringFailure> {
        Ok(Self {
            api_keys: start.api_keys()?,
            desk: start.channel_desk()?,
        })
    }
}

/// An authenticated caller who asks about a channel account.
#[derive(Debug)]
pub struct AskedChannel<'a> {
    app: &'a App,
    request: &'a Request,
    caller: Caller,
    alias: AccountAlias,
}

/// Handles one request.
pub async fn handle(app: &App, request: Request) -> Response<Body> {
    respond(&request, |request| Box::pin(read(app, request))).await
}

async fn read(app: &App, request: &Request) -> Answer {
    let caller = caller::authenticate(&app.api_keys, request, &[Scope::Channels]).await?;
    let asking = AskedChannel {
        app,
        request,
        caller,
        alias: of_path(request, ALIAS, "channel account not found")?,
    };
    let path = request.uri().path();
    if request.path_parameters().first(ORDER).is_some() {
        if path.ends_with("/status") {
            status(&asking).await
        } else {
            get(&asking).await
        }
    } else if path.ends_with("/cancelled-orders") {
        listing::cancelled(&asking).await
    } else {
        listing::list(&asking).await
    }
}

/// A name in the path. An invalid one cannot exist.
fn of_path<T: std::str::FromStr<Err: std::fmt::Display>>(
    request: &Request,
    name: &str,
    absent: &str,
) -> Result<T, Problem> {
    let parameters = request.path_parameters();
    let given = parameters.first(name).unwrap_or_default();
    visible(given).map_err(|_| Problem::new(ProblemKind::NotFound, absent))
}

impl AskedChannel<'_> {
    fn order(&self) -> Result<ChannelOrderId, Problem> {
        of_path(self.request, ORDER, "the channel has no such order")
    }

    fn wanted<'a>(&'a self, id: &'a ChannelOrderId) -> WantedOrder<'a> {
        WantedOrder {
            client_id: &self.caller.client_id,
            alias: &self.alias,
            id,
        }
    }
}

/// An order, as the channel has it now.
#[utoipa::path(
    get, path = "/channels/{alias}/orders/{channelOrderId}", tag = "channels", operation_id = "get_channel_order",
    params(
        ("alias" = AccountAlias, Path, description = "The channel account"),
        ("channelOrderId" = ChannelOrderId, Path, description = "The channel's id of the order"),
    ),
    responses(
        (status = 200, description = "The order", body = ShopOrderBody),
        (status = 404, description = "Channel account or order not found", body = ProblemBody, content_type = "application/problem+json"),
        KeyProblems,
        ChannelProblems,
    ),
    security(("bearer" = ["channels"]), ("apiKey" = ["channels"])),
)]
pub async fn get(asking: &AskedChannel<'_>) -> Answer {
    let id = asking.order()?;
    let order = read_order(&asking.app.desk, asking.wanted(&id)).await?;
    Ok(answer::json(StatusCode::OK, &ShopOrderBody::from(&order)))
}

/// An order's status, in the channel's words.
#[utoipa::path(
    get, path = "/channels/{alias}/orders/{channelOrderId}/status", tag = "channels", operation_id = "get_channel_order_status",
    params(
        ("alias" = AccountAlias, Path, description = "The channel account"),
        ("channelOrderId" = ChannelOrderId, Path, description = "The channel's id of the order"),
    ),
    responses(
        (status = 200, description = "The status", body = OrderStatusBody),
        (status = 404, description = "Channel account or order not found", body = ProblemBody, content_type = "application/problem+json"),
        KeyProblems,
        ChannelProblems,
    ),
    security(("bearer" = ["channels"]), ("apiKey" = ["channels"])),
)]
pub async fn status(asking: &AskedChannel<'_>) -> Answer {
    let id = asking.order()?;
    let status = read_status(&asking.app.desk, asking.wanted(&id)).await?;
    let body = OrderStatusBody {
        channel_order_id: id.to_string(),
        status: status.0,
    };
    Ok(answer::json(StatusCode::OK, &body))
}
