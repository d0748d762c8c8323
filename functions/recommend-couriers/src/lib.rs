//! `POST /courier-recommendations`: the couriers that serve a route, best first.

use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use logistics::contract::courier::{self, CouriersBody, RouteBody};
use logistics::contract::problem::ProblemBody;
use logistics::domain::client::Scope;
use logistics::edge::problem_sets::{BodyProblems, KeyProblems};
use logistics::edge::request::{Answer, read_json, respond};
use logistics::edge::{answer, caller};
use logistics::flows::booking::recommend_couriers::recommend_couriers;
use logistics::outbound::client::Outbound;
use logistics::store::booking::sessions::Sessions;
use logistics::store::configuring::accounts::Accounts;
use logistics::store::configuring::api_keys::ApiKeys;
use logistics::wiring::{Start, WiringFailure};

/// The function's dependencies; its policy in the template grants the same.
#[derive(Debug)]
pub struct App {
    /// The callers' API keys.
    pub api_keys: ApiKeys,
    /// The accounts.
    pub accounts: Accounts,
    /// The sessions at aggregators.
    pub sessions: Sessions,
    /// The HTTP client for aggregators.
    pub outbound: Outbound,
}

impl App {
    /// Builds them from the function's variables.
    pub fn new(start: &Start) -> Result<Self, WiringFailure> {
        Ok(Self {
            api_keys: start.api_keys()?,
            accounts: start.accounts_with_secrets()?,
            sessions: start.sessions()?,
            outbound: start.outbound()?,
        })
    }
}

/// Handles one request.
pub async fn handle(app: &App, request: Request) -> Response<Body> {
    respond(&request, |request| recommend(app, request)).await
}

/// The couriers that serve a route, best first.
#[utoipa::path(
    post, path = "/courier-recommendations", tag = "forward", operation_id = "recommend_couriers",
    request_body = RouteBody,
    responses(
        (status = 200, description = "The couriers", body = CouriersBody),
        (status = 502, description = "The aggregator refused the credentials, or its response could not be parsed", body = ProblemBody, content_type = "application/problem+json"),
        KeyProblems,
        BodyProblems,
    ),
    security(("bearer" = ["shipping"]), ("apiKey" = ["shipping"])),
)]
pub async fn recommend(app: &App, request: &Request) -> Answer {
    let caller = caller::authenticate(&app.api_keys, request, &[Scope::Shipping]).await?;
    let addressed = read_json(request, courier::read)?;
    let recommendations = recommend_couriers(
        &app.accounts,
        &app.sessions,
        &app.outbound,
        &caller,
        &addressed,
    )
    .await?;
    Ok(answer::json(
        StatusCode::OK,
        &CouriersBody::from(recommendations),
    ))
}
