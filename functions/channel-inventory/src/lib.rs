//! `PUT /channels/{alias}/inventory`: sets the stock of articles in a sales channel.

use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use logistics::contract::selling::stock::{InventoryBody, InventoryRequestBody, read};
use logistics::domain::client::Scope;
use logistics::domain::text::AccountAlias;
use logistics::edge::problem_sets::{BodyProblems, ChannelProblems, KeyProblems, NameProblems};
use logistics::edge::request::{Answer, named, read_json, respond};
use logistics::edge::{answer, caller};
use logistics::flows::channelling::channel_desk::ChannelDesk;
use logistics::flows::channelling::set_stock::set_stock;
use logistics::store::configuring::api_keys::ApiKeys;
use logistics::wiring::{Start, WiringFailure};

/// The function's dependencies; its policy in the template grants the same.
#[derive(Debug)]
pub struct App {
    /// The callers' API keys.
    pub api_keys: ApiKeys,
    /// The channel accounts, and the transport to channels.
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

/// Handles one request.
pub async fn handle(app: &App, request: Request) -> Response<Body> {
    respond(&request, |request| set(app, request)).await
}

/// Sets the stock of articles in the shop, and reads it back. Each article has its own result: some may fail although the
/// response is 200. A repeat of the request does no harm.
#[utoipa::path(
    put, path = "/channels/{alias}/inventory", tag = "channels", operation_id = "set_inventory",
    params(("alias" = AccountAlias, Path, description = "The alias of a channel account")),
    request_body = InventoryRequestBody,
    responses(
        (status = 200, description = "The result of each article", body = InventoryBody),
        KeyProblems,
        BodyProblems,
        NameProblems,
        ChannelProblems,
    ),
    security(("bearer" = ["channels"]), ("apiKey" = ["channels"])),
)]
pub async fn set(app: &App, request: &Request) -> Answer {
    let caller = caller::authenticate(&app.api_keys, request, &[Scope::Channels]).await?;
    let alias: AccountAlias = named(request, "alias")?;
    let items = read_json(request, read)?;
    let outcomes = set_stock(&app.desk, (&caller.client_id, &alias), &items).await?;
    let body = InventoryBody::of(items, outcomes);
    Ok(answer::json(StatusCode::OK, &body))
}
