//! Webhook endpoints: where a client wants its messages.

mod shown;

use lambda_http::Request;
use lambda_http::http::StatusCode;
use logistics::clock;
use logistics::contract::endpoint::body::{EndpointBody, EndpointsBody, RotatedBody, TestedBody};
use logistics::contract::endpoint::{self, EndpointRules};
use logistics::contract::fields::read_body;
use logistics::destinations::client_webhook::signature::public_key;
use logistics::domain::client::Caller;
use logistics::domain::endpoint::WebhookEndpoint;
use logistics::domain::endpoint_key::EndpointKey;
use logistics::domain::endpoint_request::EndpointRequest;
use logistics::domain::health::Health;
use logistics::domain::text::EndpointId;
use logistics::domain::version::Versioned;
use logistics::edge::problem::{Problem, ProblemKind};
use logistics::edge::request::{
    Answer, LARGEST_BODY, flag, json_body, named, parameter, request_id,
};
use logistics::edge::{answer, precondition};
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

/// `PUT /webhook-endpoints/{id}`.
pub(crate) async fn put(app: &App, caller: &Caller, request: &Request) -> Answer {
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

/// What is wanted, if the way out allows it.
fn read(app: &App, request: &Request) -> Result<EndpointRequest, Problem> {
    let may_call = |url: &_| {
        let checked = app.endpoints.outbound.may_call(url);
        checked.map_err(|forbidden| forbidden.to_string())
    };
    let rules = EndpointRules {
        url: &may_call,
        header: &headers::check_name,
    };
    let body = json_body(request, LARGEST_BODY)?;
    Ok(read_body(body, |fields| endpoint::read(fields, &rules))?)
}

/// `GET /webhook-endpoints/{id}`.
pub(crate) async fn get(app: &App, caller: &Caller, request: &Request) -> Answer {
    let id: EndpointId = named(request, "id")?;
    let found = app.endpoints.endpoints.read(&caller.client_id, &id).await?;
    let found =
        found.ok_or_else(|| Problem::new(ProblemKind::NotFound, "there is no such endpoint"))?;
    answer_with(app, &found).await
}

/// `GET /webhook-endpoints`.
pub(crate) async fn list(app: &App, caller: &Caller, request: &Request) -> Answer {
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

/// `DELETE /webhook-endpoints/{id}`.
pub(crate) async fn delete(app: &App, caller: &Caller, request: &Request) -> Answer {
    let id: EndpointId = named(request, "id")?;
    let precondition = precondition::read(request)?;
    let force = flag(request, "force")?;
    let now = clock::now();
    remove_endpoint(&app.endpoints, caller, &id, &precondition, force, now).await?;
    Ok(answer::no_content())
}

/// `POST /webhook-endpoints/{id}/rotate-secret`.
pub(crate) async fn rotate(app: &App, caller: &Caller, request: &Request) -> Answer {
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

/// `POST /webhook-endpoints/{id}/test`.
pub(crate) async fn test(app: &App, caller: &Caller, request: &Request) -> Answer {
    let id: EndpointId = named(request, "id")?;
    let request_id = request_id(request);
    let now = clock::now();
    let attempt = test_endpoint(&app.endpoints, caller, &id, &request_id, now).await?;
    let body = TestedBody {
        status: attempt.status,
        duration_ms: attempt.duration_ms,
        outcome: attempt.end.to_string(),
    };
    Ok(answer::json(StatusCode::OK, &body))
}

/// `POST /webhook-endpoints/{id}/resume`.
pub(crate) async fn resume(app: &App, caller: &Caller, request: &Request) -> Answer {
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

/// How an endpoint fares now.
async fn health(app: &App, endpoint: &WebhookEndpoint) -> Result<Health, StoreFailure> {
    let key = EndpointKey {
        client_id: endpoint.client_id.clone(),
        endpoint_id: endpoint.id.clone(),
    };
    app.endpoints.healths.read(&key).await
}

/// The secret that signs, if its client needs it to verify: a private key stays here.
fn shared_secret(endpoint: &WebhookEndpoint) -> Option<String> {
    let newest = endpoint.signing_secrets.newest()?;
    let has_public_half = public_key(newest).is_ok_and(|public| public.is_some());
    (!has_public_half).then(|| newest.expose_secret().to_owned())
}
