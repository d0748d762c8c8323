//! `GET /openapi.json` describes the API; whatever no other route takes is answered 404 or 405.

mod routes;

use lambda_http::http::Method;
use lambda_http::http::header::{CONTENT_TYPE, HeaderValue};
use lambda_http::{Body, Request, RequestExt, Response};
use logistics::edge::problem::{Problem, ProblemKind};
use logistics::edge::request::{Answer, respond};

/// The description as it is committed; a test of all handlers together holds it true.
const OPENAPI: &str = include_str!("../../../openapi.json");

/// Answers one request.
pub async fn handle(request: Request) -> Response<Body> {
    respond(&request, async |request| answer(request)).await
}

fn answer(request: &Request) -> Answer {
    let path = request.raw_http_path();
    if path == "/openapi.json" && request.method() == Method::GET {
        return Ok(describe());
    }
    Err(match routes::methods(path) {
        Some(allowed) => Problem::method_not_allowed(&allowed),
        None => Problem::new(
            ProblemKind::NotFound,
            "there is no such path; GET /openapi.json lists them all",
        ),
    })
}

/// This document.
#[utoipa::path(
    get, path = "/openapi.json", tag = "description", operation_id = "description",
    responses(
        (status = 200, description = "OpenAPI 3.1"),
    ),
)]
pub fn describe() -> Response<Body> {
    let mut response = Response::new(Body::from(OPENAPI));
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
