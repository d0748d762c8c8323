//! The configuration of a client: its logistic accounts, its channel accounts, its webhook endpoints, its API keys, links to its
//! console, and the audit.
//!
//! One function has all these routes, because they are rare: one warm instance is faster than five cold ones. Each kind of
//! object has its own module.

pub mod accounts;
pub mod api_keys;
pub mod audit;
pub mod channel_accounts;
pub mod console_links;
pub mod endpoints;

use lambda_http::request::RequestContext;
use lambda_http::{Body, Request, RequestExt, Response};
use logistics::domain::client::{Caller, Scope};
use logistics::edge::caller;
use logistics::edge::problem::Problem;
use logistics::edge::problem::kind::ProblemKind;
use logistics::edge::request::{Answer, respond};
use logistics::flows::configuring::endpoint_desk::EndpointDependencies;
use logistics::flows::configuring::save_account::AccountDependencies;
use logistics::flows::configuring::save_channel_account::ChannelAccountDependencies;
use logistics::store::configuring::api_keys::ApiKeys;
use logistics::store::configuring::audit::AuditLog;
use logistics::store::configuring::console_seals::ConsoleSeals;
use logistics::wiring::{Start, WiringFailure};

/// The function's dependencies; its policy in the template grants the same.
#[derive(Debug)]
pub struct App {
    /// The callers' API keys.
    pub api_keys: ApiKeys,
    /// The logistic accounts.
    pub accounts: AccountDependencies,
    /// The channel accounts.
    pub channel_accounts: ChannelAccountDependencies,
    /// The webhook endpoints.
    pub endpoints: EndpointDependencies,
    /// Seals links to the console.
    pub console_seals: ConsoleSeals,
    /// The audit log.
    pub audit: AuditLog,
}

impl App {
    /// Builds them from the function's variables.
    pub fn new(start: &Start) -> Result<Self, WiringFailure> {
        Ok(Self {
            api_keys: start.api_keys()?,
            accounts: start.accounts()?,
            channel_accounts: start.channel_accounts()?,
            endpoints: start.endpoints()?,
            console_seals: start.console_seals()?,
            audit: start.audit()?,
        })
    }
}

/// Handles one request.
pub async fn handle(app: &App, request: Request) -> Response<Body> {
    respond(&request, |request| answer(app, request)).await
}

async fn answer(app: &App, request: &Request) -> Answer {
    let caller = caller::authenticate(&app.api_keys, request, &[Scope::Configuration]).await?;
    dispatch(app, &caller, request).await
}

async fn dispatch(app: &App, caller: &Caller, request: &Request) -> Answer {
    match route(request).as_str() {
        "GET /logistic-accounts" => accounts::list(app, caller, request).await,
        "PUT /logistic-accounts/{alias}" => accounts::put(app, caller, request).await,
        "GET /logistic-accounts/{alias}" => accounts::get(app, caller, request).await,
        "DELETE /logistic-accounts/{alias}" => accounts::delete(app, caller, request).await,
        "POST /logistic-accounts/{alias}/check" => accounts::check(app, caller, request).await,
        "GET /channel-accounts" => channel_accounts::list(app, caller, request).await,
        "PUT /channel-accounts/{alias}" => channel_accounts::put(app, caller, request).await,
        "GET /channel-accounts/{alias}" => channel_accounts::get(app, caller, request).await,
        "DELETE /channel-accounts/{alias}" => channel_accounts::delete(app, caller, request).await,
        "POST /channel-accounts/{alias}/check" => {
            channel_accounts::check(app, caller, request).await
        }
        "GET /webhook-endpoints" => endpoints::list(app, caller, request).await,
        "PUT /webhook-endpoints/{id}" => endpoints::put(app, caller, request).await,
        "GET /webhook-endpoints/{id}" => endpoints::get(app, caller, request).await,
        "DELETE /webhook-endpoints/{id}" => endpoints::delete(app, caller, request).await,
        "POST /webhook-endpoints/{id}/rotate-secret" => {
            endpoints::rotate(app, caller, request).await
        }
        "POST /webhook-endpoints/{id}/test" => endpoints::test(app, caller, request).await,
        "POST /webhook-endpoints/{id}/resume" => endpoints::resume(app, caller, request).await,
        "POST /api-keys" => api_keys::post(app, caller, request).await,
        "GET /api-keys" => api_keys::list(app, caller, request).await,
        "DELETE /api-keys/{id}" => api_keys::delete(app, caller, request).await,
        "POST /console-links" => console_links::post(app, caller, request).await,
        "GET /audit" => audit::list(app, caller, request).await,
        other => Err(Problem::new(
            ProblemKind::NotFound,
            format!("there is no route {other}"),
        )),
    }
}

/// The route of the template that the gateway chose, such as `GET /webhook-endpoints/{id}`.
fn route(request: &Request) -> String {
    match request.request_context_ref() {
        Some(RequestContext::ApiGatewayV2(context)) => context.route_key.clone(),
        _ => None,
    }
    .unwrap_or_default()
}
