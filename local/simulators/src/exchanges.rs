//! Records whole exchanges, calls with their answers, for programs that judge them: `PUT /exchanges` `{"record": true}` begins
//! anew, `{"record": false}` ends it and forgets them, `GET /exchanges` shows what was recorded.
//!
//! Nothing is recorded unless it is asked for, because answers may be large. Headers are never recorded: they have credentials.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use axum::routing::get;
use axum::{Json, Router};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::calls::{BODY_LIMIT, readable};

const PATH: &str = "/exchanges";

/// A call with its answer.
#[derive(Clone, Serialize)]
struct Exchange {
    method: String,
    /// The path, including alias and query.
    path: String,
    /// The JSON value; a string if the body is not JSON; null if there was no body.
    body: Value,
    status: u16,
    /// Likewise.
    answer: Value,
}

/// What was recorded; `None` while nothing is.
#[derive(Clone, Default)]
pub(super) struct Exchanges(Arc<Mutex<Option<Vec<Exchange>>>>);

impl Exchanges {
    fn recorded(&self) -> MutexGuard<'_, Option<Vec<Exchange>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Deserialize)]
struct Wish {
    record: bool,
}

/// The control routes.
pub(super) fn routes(exchanges: Exchanges) -> Router {
    Router::new()
        .route(PATH, get(show).put(switch))
        .with_state(exchanges)
}

async fn show(State(exchanges): State<Exchanges>) -> Json<Value> {
    let recorded = exchanges.recorded().clone().unwrap_or_default();
    Json(json!({ "exchanges": recorded }))
}

async fn switch(State(exchanges): State<Exchanges>, Json(wish): Json<Wish>) -> Json<Value> {
    *exchanges.recorded() = wish.record.then(Vec::new);
    Json(json!({ "record": wish.record }))
}

/// Passes a call on, and records it with its answer.
pub(super) async fn record(
    State(exchanges): State<Exchanges>,
    request: Request,
    next: Next,
) -> Result<Response, StatusCode> {
    if request.uri().path() == PATH || exchanges.recorded().is_none() {
        return Ok(next.run(request).await);
    }
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, BODY_LIMIT).await;
    let body = body.map_err(|_| StatusCode::PAYLOAD_TOO_LARGE)?;
    let (method, path) = (parts.method.to_string(), parts.uri.to_string());
    let asked = readable(&body);
    let answer = next.run(Request::from_parts(parts, Body::from(body))).await;
    let (parts, body) = answer.into_parts();
    // One that breaks off on purpose stays broken.
    let body = to_bytes(body, BODY_LIMIT).await;
    let body = body.map_err(|_| StatusCode::BAD_GATEWAY)?;
    if let Some(recorded) = exchanges.recorded().as_mut() {
        recorded.push(Exchange {
            method,
            path,
            body: asked,
            status: parts.status.as_u16(),
            answer: readable(&body),
        });
    }
    Ok(Response::from_parts(parts, Body::from(body)))
}
