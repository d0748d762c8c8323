//! API keys: created with a subset of the caller's scopes and not for longer than its key, listed without the keys, revoked.

use lambda_http::Request;
use lambda_http::http::StatusCode;
use logistics::clock;
use logistics::contract::api_key::{self, KeyBody, KeyRequestBody, KeysBody, MintedBody};
use logistics::contract::problem::ProblemBody;
use logistics::domain::client::Caller;
use logistics::domain::text::KeyId;
use logistics::edge::answer;
use logistics::edge::problem_sets::{BodyProblems, KeyProblems, PageProblems};
use logistics::edge::request::{Answer, named, parameter, read_json};
use logistics::flows::configuring::mint_api_key::{mint_api_key, revoke_api_key};

use crate::App;

/// Creates an API key with a subset of the calling key's scopes, which expires no later than the calling key.
#[utoipa::path(
    post, path = "/api-keys", tag = "configuration", operation_id = "mint_key",
    request_body = KeyRequestBody,
    responses(
        (status = 201, description = "Created. The key is only in this response", body = MintedBody),
        KeyProblems,
        BodyProblems,
    ),
    security(("bearer" = ["configuration"]), ("apiKey" = ["configuration"])),
)]
pub async fn post(app: &App, caller: &Caller, request: &Request) -> Answer {
    let now = clock::now();
    let wanted = read_json(request, |fields| api_key::read(fields, now))?;
    let minted = mint_api_key(&app.api_keys, &app.audit, caller, wanted, now).await?;
    let body = MintedBody::new(&minted.api_key, minted.described);
    Ok(answer::json(StatusCode::CREATED, &body))
}

/// The client's API keys, the oldest first.
#[utoipa::path(
    get, path = "/api-keys", tag = "configuration", operation_id = "list_keys",
    params(("cursor" = Option<String>, Query, description = "The `cursor` of the previous page.")),
    responses(
        (status = 200, description = "A page of API keys, without the keys themselves", body = KeysBody),
        PageProblems,
        KeyProblems,
    ),
    security(("bearer" = ["configuration"]), ("apiKey" = ["configuration"])),
)]
pub async fn list(app: &App, caller: &Caller, request: &Request) -> Answer {
    let cursor: Option<KeyId> = parameter(request, "cursor")?;
    let page = app
        .api_keys
        .page(&caller.client_id, cursor.as_ref())
        .await?;
    let body = KeysBody {
        api_keys: page.keys.into_iter().map(KeyBody::from).collect(),
        cursor: page.next,
    };
    Ok(answer::json(StatusCode::OK, &body))
}

/// Revokes an API key; effective within a minute.
#[utoipa::path(
    delete, path = "/api-keys/{id}", tag = "configuration", operation_id = "revoke_key",
    params(("id" = KeyId, Path, description = "The key's id")),
    responses(
        (status = 204, description = "Revoked"),
        (status = 404, description = "Key not found", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "Invalid id in the path", body = ProblemBody, content_type = "application/problem+json"),
        KeyProblems,
    ),
    security(("bearer" = ["configuration"]), ("apiKey" = ["configuration"])),
)]
pub async fn delete(app: &App, caller: &Caller, request: &Request) -> Answer {
    let id: KeyId = named(request, "id")?;
    revoke_api_key(&app.api_keys, &app.audit, caller, id.as_str(), clock::now()).await?;
    Ok(answer::no_content())
}
