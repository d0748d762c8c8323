//! `GET /openapi.json` describes the API; whatever no other route takes is answered 404 or 405.

use lambda_http::http::Method;
use lambda_http::http::header::{CONTENT_TYPE, HeaderValue};
use lambda_http::{Body, Request, RequestExt, Response};
use logistics::edge::description;
use logistics::edge::problem::{Problem, ProblemKind};
use logistics::edge::request::{Answer, respond};

/// The description as it is committed; a test of the shared crate holds it true.
const OPENAPI: &str = include_str!("../../../openapi.json");

/// Answers one request.
pub async fn handle(request: Request) -> Response<Body> {
    respond(&request, async |request| answer(request)).await
}

fn answer(request: &Request) -> Answer {
    let path = request.raw_http_path();
    match description::methods(path) {
        Some(_) if path == "/openapi.json" && request.method() == Method::GET => {
            let mut response = Response::new(Body::from(OPENAPI));
            response
                .headers_mut()
                .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            Ok(response)
        }
        Some(allowed) => Err(Problem::method_not_allowed(allowed)),
        None => Err(Problem::new(
            ProblemKind::NotFound,
            "there is no such path; GET /openapi.json lists them all",
        )),
    }
}
