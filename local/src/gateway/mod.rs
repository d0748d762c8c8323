//! The API Gateway HTTP API in front of the functions, payload format 2.0, with only the template's routes.
//!
//! The gateway's own answers are bare JSON, as in AWS. Not implemented: throttling, CORS and authorizers; the template uses
//! neither CORS nor authorizers.

mod answer;
mod event;
mod path;
mod routes;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use uuid::Uuid;

use crate::instances::{Function, InvocationFailure};
use event::Received;
use path::decoded;
pub use routes::Routes;

/// Lambda's limit for a synchronous event; the gateway's own limit of 10 MB is never reached.
const BODY_LIMIT: usize = 6 * 1024 * 1024;
/// Maximum time that an HTTP API waits for a function.
const INTEGRATION_TIMEOUT: Duration = Duration::from_secs(30);

/// The gateway with these routes; serve it with the peer's address as connect info.
pub fn router(routes: Routes) -> Router {
    Router::new().fallback(handle).with_state(Arc::new(routes))
}

async fn handle(
    State(routes): State<Arc<Routes>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    let request_id = Uuid::now_v7().simple().to_string();
    let began = Instant::now();
    let mut response = respond(&routes, peer, request, &request_id).await;
    routes.measure(response.status(), began.elapsed());
    if let Ok(value) = HeaderValue::from_str(&request_id) {
        response.headers_mut().insert("apigw-requestid", value);
    }
    response
}

async fn respond(
    routes: &Routes,
    peer: SocketAddr,
    request: Request,
    request_id: &str,
) -> Response {
    let (parts, body) = request.into_parts();
    let path = decoded(parts.uri.path());
    let Some(matched) = routes.find(parts.method.as_str(), &path) else {
        return refuse(StatusCode::NOT_FOUND, "Not Found");
    };
    let Ok(body) = to_bytes(body, BODY_LIMIT).await else {
        return refuse(StatusCode::PAYLOAD_TOO_LARGE, "Request Too Long");
    };
    let event = event::build(&Received {
        request_id,
        peer,
        parts: &parts,
        path: &path,
        body: &body,
        route: &matched,
    });
    let invocation = matched.function.invoke(event.to_string().into());
    match tokio::time::timeout(INTEGRATION_TIMEOUT, invocation).await {
        Ok(Ok(payload)) => answer::read(&payload).unwrap_or_else(|error| {
            let text = format!("invalid HTTP response from the function: {error:#}");
            matched.function.report(&text);
            internal_server_error()
        }),
        Ok(Err(InvocationFailure::TimedOut { .. })) | Err(_) => {
            refuse(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable")
        }
        Ok(Err(
            InvocationFailure::Returned(_)
            | InvocationFailure::Exited { .. }
            | InvocationFailure::NotStarted { .. }
            | InvocationFailure::Stopped,
        )) => internal_server_error(),
    }
}

fn internal_server_error() -> Response {
    refuse(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")
}

fn refuse(status: StatusCode, message: &str) -> Response {
    (
        status,
        axum::Json(serde_json::json!({ "message": message })),
    )
        .into_response()
}

/// The route that matched a request.
#[derive(Debug)]
struct Matched<'a> {
    function: &'a Arc<Function>,
    /// `POST /shipping-labels` or `$default`.
    key: &'a str,
    parameters: Vec<(String, String)>,
}
