//! API keys: made with scopes that the caller has, listed without the keys, revoked.

use lambda_http::Request;
use lambda_http::http::StatusCode;
use logistics::clock;
use logistics::contract::api_key::{self, KeyBody, KeysBody, MintedBody};
use logistics::contract::fields::read_body;
use logistics::domain::client::Caller;
use logistics::domain::text::KeyId;
use logistics::edge::answer;
use logistics::edge::request::{Answer, LARGEST_BODY, json_body, named, parameter};
use logistics::flows::configuring::mint_api_key::{mint_api_key, revoke_api_key};

use crate::App;

/// `POST /api-keys`.
pub(crate) async fn post(app: &App, caller: &Caller, request: &Request) -> Answer {
    let now = clock::now();
    let body = json_body(request, LARGEST_BODY)?;
    let wanted = read_body(body, |fields| api_key::read(fields, now))?;
    let minted = mint_api_key(&app.api_keys, &app.audit, caller, wanted, now).await?;
    let body = MintedBody::new(&minted.api_key, minted.described);
    Ok(answer::json(StatusCode::CREATED, &body))
}

/// `GET /api-keys`.
pub(crate) async fn list(app: &App, caller: &Caller, request: &Request) -> Answer {
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

/// `DELETE /api-keys/{id}`.
pub(crate) async fn delete(app: &App, caller: &Caller, request: &Request) -> Answer {
    let id: KeyId = named(request, "id")?;
    revoke_api_key(&app.api_keys, &app.audit, caller, id.as_str(), clock::now()).await?;
    Ok(answer::no_content())
}
