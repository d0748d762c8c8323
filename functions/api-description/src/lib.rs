//! `GET /openapi.json` describes the API, `GET /docs` shows the same as a page; all requests without a route get 404 or 405.

mod page;
mod routes;

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use lambda_http::http::Method;
use lambda_http::http::header::{
    ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, VARY,
};
use lambda_http::{Body, Request, RequestExt, Response};
use logistics::contract::problem::ProblemBody;
use logistics::edge::problem::Problem;
use logistics::edge::problem::kind::ProblemKind;
use logistics::edge::request::{Answer, header, respond};

/// The committed description; a test in `local/handlers` keeps it up to date.
const OPENAPI: &str = include_str!("../../../openapi.json");

/// Handles one request.
pub async fn handle(request: Request) -> Response<Body> {
    respond(&request, async |request| answer(request)).await
}

fn answer(request: &Request) -> Answer {
    let path = request.raw_http_path();
    match (request.method(), path) {
        (&Method::GET, "/openapi.json") => Ok(describe(request)),
        (&Method::GET, "/docs") => show(request),
        _ => Err(match routes::methods(path) {
            Some(allowed) => Problem::method_not_allowed(&allowed),
            None => Problem::new(
                ProblemKind::NotFound,
                "path not found; GET /openapi.json lists all paths, GET /docs shows them, /console is the console for people",
            ),
        }),
    }
}

/// The description of this API for programs.
///
/// It is the same for all callers.
#[utoipa::path(
    get, path = "/openapi.json", tag = "description", operation_id = "get_description",
    responses(
        (status = 200, description = "OpenAPI 3.1", content((serde_json::Value = "application/json")), headers(("Content-Encoding"), ("Vary"))),
    ),
    security(()),
)]
pub fn describe(request: &Request) -> Response<Body> {
    document(request, OPENAPI, "application/json")
}

/// The description of this API as a page.
///
/// It needs no script, loads nothing, and has an anchor for each operation.
#[utoipa::path(
    get, path = "/docs", tag = "description", operation_id = "get_documentation",
    responses(
        (
            status = 200, description = "The page", content((String = "text/html")),
            headers(("Content-Encoding"), ("Content-Security-Policy"), ("Vary")),
        ),
        (status = 500, description = "Internal error", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(()),
)]
pub fn show(request: &Request) -> Answer {
    let page = page::page()?;
    let mut response = document(request, &page.html, "text/html; charset=utf-8");
    if let Ok(policy) = HeaderValue::from_str(&page.policy) {
        response
            .headers_mut()
            .insert(CONTENT_SECURITY_POLICY, policy);
    }
    Ok(response)
}

/// A text, compressed if the caller accepts it: an HTTP API compresses nothing.
fn document(request: &Request, text: &str, content_type: &'static str) -> Response<Body> {
    let accepted = header(request, ACCEPT_ENCODING.as_str()).unwrap_or_default();
    let compressed = accepts_gzip(accepted).then(|| compressed(text)).flatten();
    let is_compressed = compressed.is_some();
    let body = compressed.map_or_else(|| Body::from(text), Body::from);
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if is_compressed {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}

/// Whether a list of encodings has gzip, and does not exclude it.
fn accepts_gzip(accepted: &str) -> bool {
    accepted.split(',').any(|encoding| {
        let mut parts = encoding.split(';').map(str::trim);
        let is_gzip = parts
            .next()
            .is_some_and(|name| name.eq_ignore_ascii_case("gzip"));
        let is_excluded =
            parts.any(|weight| matches!(weight, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"));
        is_gzip && !is_excluded
    })
}

fn compressed(text: &str) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).ok()?;
    encoder.finish().ok()
}
