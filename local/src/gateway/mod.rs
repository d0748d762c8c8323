//! The API Gateway HTTP API in front of the functions, payload format 2.0, with the template's routes and no other.
//!
//! What the gateway itself answers, before or instead of a function, is bare JSON as the real one's is. Not here: its
//! throttling, CORS and authorisers; the template's gateway has none of the latter two.

mod answer;
mod event;
mod path;
mod routes;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

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

/// Lambda's limit of a synchronous event; the gateway's own of 10 MB is never reached.
const BODY_LIMIT: usize = 6 * 1024 * 1024;
/// The longest that an HTTP API waits for a function.
const INTEGRATION_TIMEOUT: Duration = Duration::from_secs(30);

/// The gateway with these routes, to be served with the peer's address as connect info.
pub fn router(routes: Routes) -> Router {
    Router::new().fallback(handle).with_state(Arc::new(routes))
}

async fn handle(
    State(routes): State<Arc<Routes>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    let request_id = Uuid::now_v7().simple().to_string();
    let mut response = respond(&routes, peer, request, &request_id).await;
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
            let text = format!("the answer is no HTTP answer: {error:#}");
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

/// A route that a request took.
#[derive(Debug)]
struct Matched<'a> {
    function: &'a Arc<Function>,
    /// `POST /shipping-labels` or `$default`.
    key: &'a str,
    parameters: Vec<(String, String)>,
}
