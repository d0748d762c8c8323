//! The four calls that an instance makes.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use bytes::Bytes;
use serde::Deserialize;
use uuid::Uuid;

use crate::runtime_api::{Answer, Desk, Desks, FunctionError, InstanceState, Invocation, lock};

/// Lambda's limit for a synchronous answer.
const ANSWER_LIMIT: usize = 6 * 1024 * 1024;

pub(super) fn router(desks: Desks) -> Router {
    Router::new()
        .route("/{instance}/2018-06-01/runtime/invocation/next", get(next))
        .route(
            "/{instance}/2018-06-01/runtime/invocation/{request}/response",
            post(response),
        )
        .route(
            "/{instance}/2018-06-01/runtime/invocation/{request}/error",
            post(error),
        )
        .route(
            "/{instance}/2018-06-01/runtime/init/error",
            post(init_error),
        )
        .with_state(desks)
}

async fn next(State(desks): State<Desks>, Path(instance): Path<String>) -> Response {
    let Some(desk) = desk(&desks, &instance) else {
        return unknown_instance();
    };
    desk.state.send_replace(InstanceState::Ready);
    let Some(work) = desk.work.lock().await.recv().await else {
        return unknown_instance();
    };
    let request_id = work.invocation.request_id.clone();
    *lock(&desk.under_way) = Some((request_id, work.answer));
    match headers(&work.invocation) {
        Ok(headers) => (headers, work.invocation.payload).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

async fn response(
    State(desks): State<Desks>,
    Path((instance, request)): Path<(String, String)>,
    body: Body,
) -> Response {
    let answer = to_bytes(body, ANSWER_LIMIT).await;
    let too_large = answer.is_err();
    let answer = answer.map_err(|_| FunctionError {
        error_type: "Function.ResponseSizeTooLarge".to_owned(),
        message: format!("the answer is longer than {ANSWER_LIMIT} bytes"),
    });
    let accepted = finish(&desks, &instance, &request, answer);
    if too_large {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    }
    accepted
}

async fn error(
    State(desks): State<Desks>,
    Path((instance, request)): Path<(String, String)>,
    body: Bytes,
) -> Response {
    finish(&desks, &instance, &request, Err(function_error(&body)))
}

async fn init_error(
    State(desks): State<Desks>,
    Path(instance): Path<String>,
    body: Bytes,
) -> Response {
    let Some(desk) = desk(&desks, &instance) else {
        return unknown_instance();
    };
    desk.state
        .send_replace(InstanceState::Failed(function_error(&body)));
    accepted()
}

fn finish(desks: &Desks, instance: &str, request: &str, answer: Answer) -> Response {
    let Some(desk) = desk(desks, instance) else {
        return unknown_instance();
    };
    let mut under_way = lock(&desk.under_way);
    match under_way.take() {
        Some((id, sender)) if id == request => {
            // The receiver is gone if the invocation timed out at this moment.
            sender.send(answer).ok();
            accepted()
        }
        other => {
            *under_way = other;
            (StatusCode::BAD_REQUEST, "no such invocation is running").into_response()
        }
    }
}

fn headers(invocation: &Invocation) -> anyhow::Result<HeaderMap> {
    let trace = format!("Root=1-{};Sampled=0", Uuid::now_v7().simple());
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("content-type", "application/json"),
        ("lambda-runtime-aws-request-id", &invocation.request_id),
        (
            "lambda-runtime-deadline-ms",
            &invocation.deadline_ms.to_string(),
        ),
        (
            "lambda-runtime-invoked-function-arn",
            &invocation.function_arn,
        ),
        ("lambda-runtime-trace-id", &trace),
    ] {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_str(value)?);
    }
    Ok(headers)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ReportedError {
    error_type: String,
    error_message: String,
}

fn function_error(body: &[u8]) -> FunctionError {
    match serde_json::from_slice::<ReportedError>(body) {
        Ok(reported) => FunctionError {
            error_type: reported.error_type,
            message: reported.error_message,
        },
        Err(_) => FunctionError {
            error_type: "Unknown".to_owned(),
            message: String::from_utf8_lossy(body).into_owned(),
        },
    }
}

fn desk(desks: &Desks, instance: &str) -> Option<Arc<Desk>> {
    lock(desks).get(instance).map(Arc::clone)
}

fn unknown_instance() -> Response {
    (StatusCode::GONE, "no such instance").into_response()
}

fn accepted() -> Response {
    StatusCode::ACCEPTED.into_response()
}
