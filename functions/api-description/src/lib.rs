//! `GET /openapi.json` describes the API; all requests without a route get 404 or 405.

mod routes;

use lambda_http::http::Method;
use lambda_http::http::header::{CONTENT_TYPE, HeaderValue};
use lambda_http::{Body, Request, RequestExt, Response};
use logistics::edge::problem::Problem;
use logistics::edge::problem::kind::ProblemKind;
use logistics::edge::request::{Answer, respond};

/// The committed description; a test in `local/handlers` keeps it up to date.
const OPENAPI: &str = include_str!("../../../openapi.json");

/// Handles one request.
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
            "path not found; GET /openapi.json lists all paths",
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
