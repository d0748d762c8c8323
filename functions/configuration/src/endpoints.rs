//! Webhook endpoints: the URLs that receive a client's messages.

mod shown;

use lambda_http::Request;
use lambda_http::http::StatusCode;
use logistics::clock;
use logistics::contract::endpoint::body::{
    EndpointBody, EndpointRequestBody, EndpointsBody, RotatedBody, TestedBody,
};
use logistics::contract::endpoint::{self, EndpointRules};
use logistics::contract::problem::ProblemBody;
use logistics::destinations::client_webhook::signature::public_key;
use logistics::domain::client::Caller;
use logistics::domain::endpoint::WebhookEndpoint;
use logistics::domain::endpoint_key::EndpointKey;
use logistics::domain::endpoint_request::EndpointRequest;
use logistics::domain::health::Health;
use logistics::domain::text::EndpointId;
use logistics::domain::version::Versioned;
use logistics::edge::answer;
use logistics::edge::precondition::{self, Conditions};
use logistics::edge::problem::Problem;
use logistics::edge::problem::kind::ProblemKind;
use logistics::edge::problem_sets::{
    BodyProblems, ConditionProblems, ConditionalBodyProblems, KeyProblems, NameProblems,
    PageProblems,
};
use logistics::edge::request::{Answer, flag, named, parameter, read_json, request_id};
use logistics::flows::configuring::remove_endpoint::remove_endpoint;
use logistics::flows::configuring::resume_endpoint::resume_endpoint;
use logistics::flows::configuring::rotate_secret::rotate_secret;
use logistics::flows::configuring::save_endpoint::save_endpoint;
use logistics::flows::configuring::test_endpoint::test_endpoint;
use logistics::outbound::headers;
use logistics::store::failure::StoreFailure;
use secrecy::ExposeSecret;

use crate::App;
use shown::shown;

/// Creates or replaces a webhook endpoint.
#[utoipa::path(
    put, path = "/webhook-endpoints/{id}", tag = "configuration", operation_id = "put_endpoint",
    params(("id" = EndpointId, Path, description = "1 to 64 characters of A-Z, a-z, 0-9, _ and -"), Conditions),
    request_body = EndpointRequestBody,
    responses(
        (status = 201, description = "Created. The signing secret is only in this response", body = EndpointBody, headers(("Cache-Control"), ("ETag"))),
        (status = 200, description = "Replaced or unchanged", body = EndpointBody, headers(("Cache-Control"), ("ETag"))),
        (status = 409, description = "The client has as many endpoints, or lanes, as it may have", body = ProblemBody, content_type = "application/problem+json"),
        KeyProblems,
        BodyProblems,
        ConditionalBodyProblems,
    ),
    security(("bearer" = ["configuration"]), ("apiKey" = ["configuration"])),
)]
pub async fn put(app: &App, caller: &Caller, request: &Request) -> Answer {
    let id: EndpointId = named(request, "id")?;
    let precondition = precondition::read(request)?;
    let wanted = read(app, request)?;
    let saved = save_endpoint(
        &app.endpoints,
        caller,
        &id,
        &wanted,
        &precondition,
        clock::now(),
    )
    .await?;
    let endpoint = &saved.endpoint.value;
    let body = EndpointBody {
        signing_secret: saved
            .has_new_secret
            .then(|| shared_secret(endpoint))
            .flatten(),
        ..shown(endpoint, &health(app, endpoint).await?)
    };
    let status = if saved.made {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    Ok(answer::configured(status, &body, &saved.endpoint.version))
}

/// Parses the body by the rules for URLs and headers.
fn read(app: &App, request: &Request) -> Result<EndpointRequest, Problem> {
    let may_call = |url: &_| {
        let checked = app.endpoints.outbound.may_call(url);
        checked.map_err(|forbidden| forbidden.to_string())
    };
    let rules = EndpointRules {
        url: &may_call,
        header: &headers::check_name,
    };
    read_json(request, |fields| endpoint::read(fields, &rules))
}

/// A webhook endpoint; its version is the `ETag`.
#[utoipa::path(
    get, path = "/webhook-endpoints/{id}", tag = "configuration", operation_id = "get_endpoint",
    params(("id" = EndpointId, Path, description = "The endpoint")),
    responses(
        (status = 200, description = "The endpoint", body = EndpointBody, headers(("Cache-Control"), ("ETag"))),
        KeyProblems,
        NameProblems,
    ),
    security(("bearer" = ["configuration"]), ("apiKey" = ["configuration"])),
)]
pub async fn get(app: &App, caller: &Caller, request: &Request) -> Answer {
    let id: EndpointId = named(request, "id")?;
    let found = app.endpoints.endpoints.read(&caller.client_id, &id).await?;
    let found = found.ok_or_else(|| Problem::new(ProblemKind::NotFound, "endpoint not found"))?;
    answer_with(app, &found).await
}

/// The client's webhook endpoints.
#[utoipa::path(
    get, path = "/webhook-endpoints", tag = "configuration", operation_id = "list_endpoints",
    params(("cursor" = Option<String>, Query, description = "The `cursor` of the previous page.")),
    responses(
        (status = 200, description = "A page of endpoints", body = EndpointsBody, headers(("Cache-Control"))),
        PageProblems,
        KeyProblems,
    ),
    security(("bearer" = ["configuration"]), ("apiKey" = ["configuration"])),
)]
pub async fn list(app: &App, caller: &Caller, request: &Request) -> Answer {
    let cursor: Option<EndpointId> = parameter(request, "cursor")?;
    let table = &app.endpoints.endpoints;
    let page = table.page(&caller.client_id, cursor.as_ref()).await?;
    let mut healths = app.endpoints.healths.of_client(&caller.client_id).await?;
    let endpoints = page.items.iter().map(|item| {
        let health = healths.remove(&item.value.id).unwrap_or_default();
        shown(&item.value, &health)
    });
    let body = EndpointsBody {
        webhook_endpoints: endpoints.collect(),
        cursor: page.next,
    };
    Ok(answer::unkept(&body))
}

/// Removes a webhook endpoint.
#[utoipa::path(
    delete, path = "/webhook-endpoints/{id}", tag = "configuration", operation_id = "delete_endpoint",
    params(("id" = EndpointId, Path, description = "The endpoint"), ("force" = Option<bool>, Query, description = "`true`: removes it although it is in use."), Conditions),
    responses(
        (status = 204, description = "Removed. Its waiting deliveries are given up"),
        (status = 409, description = "Deliveries are waiting for it", body = ProblemBody, content_type = "application/problem+json"),
        ConditionProblems,
        KeyProblems,
        NameProblems,
    ),
    security(("bearer" = ["configuration"]), ("apiKey" = ["configuration"])),
)]
pub async fn delete(app: &App, caller: &Caller, request: &Request) -> Answer {
    let id: EndpointId = named(request, "id")?;
    let precondition = precondition::read(request)?;
    let force = flag(request, "force")?;
    let now = clock::now();
    remove_endpoint(&app.endpoints, caller, &id, &precondition, force, now).await?;
    Ok(answer::no_content())
}

/// Replaces a webhook endpoint's signing secret. The previous one also signs for another 24 hours.
#[utoipa::path(
    post, path = "/webhook-endpoints/{id}/rotate-secret", tag = "configuration", operation_id = "rotate_secret",
    params(("id" = EndpointId, Path, description = "The endpoint"), Conditions),
    responses(
        (status = 200, description = "The new secret, once", body = RotatedBody, headers(("Cache-Control"), ("ETag"))),
        ConditionProblems,
        KeyProblems,
        NameProblems,
    ),
    security(("bearer" = ["configuration"]), ("apiKey" = ["configuration"])),
)]
pub async fn rotate(app: &App, caller: &Caller, request: &Request) -> Answer {
    let id: EndpointId = named(request, "id")?;
    let precondition = precondition::read(request)?;
    let rotated = rotate_secret(&app.endpoints, caller, &id, &precondition, clock::now()).await?;
    let endpoint = &rotated.value;
    let newest = endpoint.signing_secrets.newest();
    let body = RotatedBody {
        signing_secret: shared_secret(endpoint),
        public_key: newest.and_then(|secret| public_key(secret).ok().flatten()),
    };
    Ok(answer::configured(StatusCode::OK, &body, &rotated.version))
}

/// Sends one sample to a webhook endpoint like a delivery, without retries, even if the endpoint is disabled.
#[utoipa::path(
    post, path = "/webhook-endpoints/{id}/test", tag = "configuration", operation_id = "test_endpoint",
    params(("id" = EndpointId, Path, description = "The endpoint")),
    responses(
        (status = 200, description = "The result of the attempt", body = TestedBody),
        KeyProblems,
        NameProblems,
    ),
    security(("bearer" = ["configuration"]), ("apiKey" = ["configuration"])),
)]
pub async fn test(app: &App, caller: &Caller, request: &Request) -> Answer {
    let id: EndpointId = named(request, "id")?;
    let request_id = request_id(request);
    let now = clock::now();
    let attempt = test_endpoint(&app.endpoints, caller, &id, &request_id, now).await?;
    let body = TestedBody {
        status: attempt.status,
        duration_ms: attempt.duration_ms,
        outcome: attempt.end,
        cause: attempt.cause,
    };
    Ok(answer::json(StatusCode::OK, &body))
}

/// Ends a suspension of a webhook endpoint, or enables a disabled one.
#[utoipa::path(
    post, path = "/webhook-endpoints/{id}/resume", tag = "configuration", operation_id = "resume_endpoint",
    params(("id" = EndpointId, Path, description = "The endpoint"), Conditions),
    responses(
        (status = 200, description = "The endpoint", body = EndpointBody, headers(("Cache-Control"), ("ETag"))),
        ConditionProblems,
        KeyProblems,
        NameProblems,
    ),
    security(("bearer" = ["configuration"]), ("apiKey" = ["configuration"])),
)]
pub async fn resume(app: &App, caller: &Caller, request: &Request) -> Answer {
    let id: EndpointId = named(request, "id")?;
    let precondition = precondition::read(request)?;
    let resumed = resume_endpoint(&app.endpoints, caller, &id, &precondition, clock::now()).await?;
    answer_with(app, &resumed).await
}

async fn answer_with(app: &App, endpoint: &Versioned<WebhookEndpoint>) -> Answer {
    let health = health(app, &endpoint.value).await?;
    let body = shown(&endpoint.value, &health);
    Ok(answer::configured(StatusCode::OK, &body, &endpoint.version))
}

/// The endpoint's current health.
async fn health(app: &App, endpoint: &WebhookEndpoint) -> Result<Health, StoreFailure> {
    let key = EndpointKey {
        client_id: endpoint.client_id.clone(),
        endpoint_id: endpoint.id.clone(),
    };
    app.endpoints.healths.read(&key).await
}

/// The signing secret, if the client verifies with it; a private key is never shown.
fn shared_secret(endpoint: &WebhookEndpoint) -> Option<String> {
    let newest = endpoint.signing_secrets.newest()?;
    let has_public_half = public_key(newest).is_ok_and(|public| public.is_some());
    (!has_public_half).then(|| newest.expose_secret().to_owned())
}
