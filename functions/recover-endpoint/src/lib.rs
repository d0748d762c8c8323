//! `POST /webhook-endpoints/{id}/recover`: queues failed deliveries again.

use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, RequestExt, Response};
use logistics::clock;
use logistics::contract::problem::ProblemBody;
use logistics::contract::recovery::{self, RecoveredBody, RecoveryBody};
use logistics::contract::values::visible;
use logistics::domain::client::Scope;
use logistics::domain::text::EndpointId;
use logistics::edge::problem::Problem;
use logistics::edge::problem::kind::ProblemKind;
use logistics::edge::problem_sets::{BodyProblems, KeyProblems};
use logistics::edge::request::{Answer, read_json, respond};
use logistics::edge::{answer, caller};
use logistics::flows::delivering::recover_deliveries::{RecoveryDependencies, recover_deliveries};
use logistics::store::configuring::api_keys::ApiKeys;
use logistics::wiring::{Start, WiringFailure};

/// The function's dependencies; its policy in the template grants the same.
#[derive(Debug)]
pub struct App {
    /// The callers' API keys.
    pub api_keys: ApiKeys,
    /// The failed deliveries and the queue.
    pub recovery: RecoveryDependencies,
}

impl App {
    /// Builds them from the function's variables.
    pub fn new(start: &Start) -> Result<Self, WiringFailure> {
        Ok(Self {
            api_keys: start.api_keys()?,
            recovery: start.recovery()?,
        })
    }
}

/// Handles one request.
pub async fn handle(app: &App, request: Request) -> Response<Body> {
    respond(&request, |request| recover(app, request)).await
}

/// Queues failed deliveries of an endpoint again, with the same `webhook-id` and with `webhook-replayed: true`.
#[utoipa::path(
    post, path = "/webhook-endpoints/{id}/recover", tag = "notifications", operation_id = "recover_endpoint",
    params(("id" = EndpointId, Path, description = "The endpoint")),
    request_body = RecoveryBody,
    responses(
        (status = 200, description = "How many deliveries matched, and how many were queued", body = RecoveredBody),
        (status = 404, description = "Endpoint not found", body = ProblemBody, content_type = "application/problem+json"),
        KeyProblems,
        BodyProblems,
    ),
    security(("bearer" = ["notifications"]), ("apiKey" = ["notifications"])),
)]
pub async fn recover(app: &App, request: &Request) -> Answer {
    let caller = caller::authenticate(&app.api_keys, request, &[Scope::Notifications]).await?;
    let wanted = read_json(request, recovery::read)?;
    let parameters = request.path_parameters();
    let endpoint = parameters.first("id").unwrap_or_default();
    let endpoint =
        visible(endpoint).map_err(|_| Problem::new(ProblemKind::NotFound, "endpoint not found"))?;
    let client = &caller.client_id;
    let recovered =
        recover_deliveries(&app.recovery, client, &endpoint, &wanted, clock::now()).await?;
    let body = RecoveredBody {
        matched: recovered.matched,
        queued: recovered.queued,
        expired: recovered.expired,
        cursor: recovered.cursor.map(|cursor| cursor.to_string()),
    };
    Ok(answer::json(StatusCode::OK, &body))
}
