//! A request as functions read it.

use std::future::Future;
use std::time::Instant;

use lambda_http::http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use lambda_http::request::RequestContext;
use lambda_http::{Body, Request, RequestExt, Response};
use tracing::Instrument;
use uuid::Uuid;

use crate::contract::fields::{Unreadable, Violation};
use crate::domain::text::RequestId;
use crate::edge::access_log;
use crate::edge::problem::{Problem, ProblemKind};

/// The largest body of a client's request.
pub const LARGEST_BODY: usize = 1024 * 1024;
/// The largest body of a push.
pub const LARGEST_PUSH: usize = 256 * 1024;

/// What a handler gives back.
pub type Answer = Result<Response<Body>, Problem>;

/// Answers a request: every answer, good or bad, carries the request's id, and so does every log line about it.
pub async fn respond<'a, F: Future<Output = Answer>>(
    request: &'a Request,
    handle: impl FnOnce(&'a Request) -> F,
) -> Response<Body> {
    let id = request_id(request);
    let answering = async {
        let began = Instant::now();
        let answer = handle(request).await;
        access_log::log(&answer, began.elapsed());
        answer.unwrap_or_else(|problem| problem.into_response(id.as_str()))
    };
    let mut response = answering.instrument(access_log::span(request, &id)).await;
    let id =
        HeaderValue::from_str(id.as_str()).unwrap_or_else(|_| HeaderValue::from_static("unknown"));
    response
        .headers_mut()
        .insert(HeaderName::from_static("x-request-id"), id);
    response
}

/// The gateway's id of the request; one of ours where the gateway gives none that is fit for logs and headers.
pub fn request_id(request: &Request) -> RequestId {
    let id = match request.request_context_ref() {
        Some(RequestContext::ApiGatewayV2(context)) => context.request_id.as_deref(),
        _ => None,
    };
    id.and_then(|id| id.parse().ok())
        .unwrap_or_else(|| Uuid::now_v7().into())
}

/// The body, if it is not too large.
pub fn small_body(request: &Request, largest: usize) -> Result<&[u8], Problem> {
    let body: &[u8] = request.body().as_ref();
    if body.len() > largest {
        return Err(Problem::new(
            ProblemKind::BodyTooLarge,
            format!("the body has more than {largest} bytes"),
        ));
    }
    Ok(body)
}

/// The body, if it is sent as JSON and not too large.
pub fn json_body(request: &Request, largest: usize) -> Result<&[u8], Problem> {
    let body = small_body(request, largest)?;
    if !is_json(request) {
        return Err(Problem::new(
            ProblemKind::UnsupportedMediaType,
            "send the body with Content-Type: application/json",
        ));
    }
    Ok(body)
}

/// Whether the body is sent as JSON; one that names no type is taken for it.
fn is_json(request: &Request) -> bool {
    let Some(value) = request.headers().get(CONTENT_TYPE) else {
        return true;
    };
    let value = value.to_str().unwrap_or_default().to_ascii_lowercase();
    let essence = value.split(';').next().unwrap_or_default().trim();
    essence == "application/json"
        || (essence.starts_with("application/") && essence.ends_with("+json"))
}

/// A header as text.
pub fn header<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    request.headers().get(name)?.to_str().ok()
}

/// A query parameter, parsed; `None` if it is not given.
pub fn parameter<T: std::str::FromStr<Err: std::fmt::Display>>(
    request: &Request,
    name: &str,
) -> Result<Option<T>, Problem> {
    let parameters = request.query_string_parameters_ref();
    let Some(value) = parameters.and_then(|parameters| parameters.first(name)) else {
        return Ok(None);
    };
    value.parse().map(Some).map_err(|error| {
        Problem::new(
            ProblemKind::InvalidParameter,
            format!("the parameter {name} {error}"),
        )
    })
}

/// A query parameter that is true or false; false if it is not given.
pub fn flag(request: &Request, name: &str) -> Result<bool, Problem> {
    let wrong = || {
        Problem::new(
            ProblemKind::InvalidParameter,
            format!("the parameter {name} must be true or false"),
        )
    };
    let given: Option<String> = parameter(request, name)?;
    match given.as_deref() {
        None => Ok(false),
        Some(text) => text.parse().map_err(|_| wrong()),
    }
}

/// The name of a thing in the path, where it stands for the thing's field of that name.
pub fn named<T: std::str::FromStr<Err: std::fmt::Display>>(
    request: &Request,
    name: &str,
) -> Result<T, Problem> {
    let parameters = request.path_parameters();
    let value = parameters.first(name).unwrap_or_default();
    value.parse().map_err(|error: T::Err| {
        let violation = Violation {
            pointer: format!("/{name}"),
            detail: error.to_string(),
        };
        Unreadable::Invalid(vec![violation]).into()
    })
}

/// Where the caller found the API, as the gateway tells it.
pub fn base_url(request: &Request) -> String {
    let scheme = header(request, "x-forwarded-proto").unwrap_or("https");
    let host = header(request, "host").unwrap_or_default();
    format!("{scheme}://{host}")
}
