//! Parses requests for functions.

use std::future::Future;
use std::time::Instant;

use lambda_http::http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use lambda_http::request::RequestContext;
use lambda_http::{Body, Request, RequestExt, Response};
use tracing::Instrument;
use uuid::Uuid;

use crate::contract::fields::{Fields, Unreadable, Violation, read_request};
use crate::contract::values::visible;
use crate::domain::text::RequestId;
use crate::domain::trace::TraceParent;
use crate::edge::envelope::Envelope;
use crate::edge::problem::Problem;
use crate::edge::problem::kind::ProblemKind;
use crate::edge::warnings::Ignored;
use crate::edge::{access_log, warnings};
use crate::telemetry::metrics::measured;
use crate::telemetry::trace_context::within;

/// The maximum size of a client's request body.
pub const LARGEST_BODY: usize = 1024 * 1024;
/// The maximum size of a push body.
pub const LARGEST_PUSH: usize = 256 * 1024;
/// The maximum size of the body of a channel's webhook: an order with all its lines, of about 2 KB each.
pub const LARGEST_HOOK: usize = 1024 * 1024;

/// The result of a handler.
pub type Answer = Result<Response<Body>, Problem>;

/// Responds to a request. Every response and every log line contains the request's id; a response to a path below `/v3/` has
/// the envelope. A success names the fields of the body that had no effect.
pub async fn respond<'a, F: Future<Output = Answer>>(
    request: &'a Request,
    handle: impl FnOnce(&'a Request) -> F,
) -> Response<Body> {
    let id = request_id(request);
    let answering = async {
        let began = Instant::now();
        let ignored = Ignored::default();
        let answer = ignored.during(handle(request)).await;
        access_log::log(request, &answer, began.elapsed());
        match (answer, Envelope::of(request)) {
            (Ok(mut response), None) => {
                warnings::put(&mut response, &ignored.warnings());
                response
            }
            (Ok(response), Some(envelope)) => envelope.success(response, ignored.warnings()),
            (Err(problem), None) => problem.into_response(id.as_str()),
            (Err(problem), Some(envelope)) => envelope.failure(problem),
        }
    };
    let trace = trace_of(request);
    let span = access_log::span(&id);
    if let Some(trace) = &trace {
        span.record("trace_id", trace.trace_id());
    }
    let mut response = measured(within(trace, answering.instrument(span))).await;
    let id =
        HeaderValue::from_str(id.as_str()).unwrap_or_else(|_| HeaderValue::from_static("unknown"));
    response
        .headers_mut()
        .insert(HeaderName::from_static("x-request-id"), id);
    response
}

/// The gateway's id of the request, or a new one if the gateway's is missing or not valid for logs and headers.
pub fn request_id(request: &Request) -> RequestId {
    let id = match request.request_context_ref() {
        Some(RequestContext::ApiGatewayV2(context)) => context.request_id.as_deref(),
        _ => None,
    };
    id.and_then(|id| id.parse().ok())
        .unwrap_or_else(|| Uuid::now_v7().into())
}

/// The trace that the request belongs to, if it says so in a valid `traceparent`.
fn trace_of(request: &Request) -> Option<TraceParent> {
    header(request, "traceparent")?.parse().ok()
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

/// Reads a client's JSON body. The answer names the fields that the reader did not ask for.
pub fn read_json<T>(
    request: &Request,
    read: impl FnOnce(&Fields<'_>) -> Option<T>,
) -> Result<T, Problem> {
    noted(json_body(request, LARGEST_BODY)?, read)
}

/// Like [`read_json`], for a body that may be absent, because all its fields may.
pub fn read_optional_json<T>(
    request: &Request,
    read: impl FnOnce(&Fields<'_>) -> Option<T>,
) -> Result<T, Problem> {
    let body = json_body(request, LARGEST_BODY)?;
    noted(if body.is_empty() { b"{}" } else { body }, read)
}

fn noted<T>(body: &[u8], read: impl FnOnce(&Fields<'_>) -> Option<T>) -> Result<T, Problem> {
    let (value, ignored) = read_request(body, read)?;
    warnings::note(ignored);
    Ok(value)
}

/// Whether the body is sent as JSON; a missing content type counts as JSON.
fn is_json(request: &Request) -> bool {
    let Some(value) = request.headers().get(CONTENT_TYPE) else {
        return true;
    };
    let value = value.to_str().unwrap_or_default().to_ascii_lowercase();
    let essence = value.split(';').next().unwrap_or_default().trim();
    essence == "application/json"
        || (essence.starts_with("application/") && essence.ends_with("+json"))
}

/// A header as a string.
pub fn header<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    request.headers().get(name)?.to_str().ok()
}

/// Whether the caller wants a PDF document instead of JSON.
pub fn wants_pdf(request: &Request) -> bool {
    header(request, "accept")
        .is_some_and(|accept| accept.to_ascii_lowercase().contains("application/pdf"))
}

/// A parsed query parameter; `None` if it is missing.
pub fn parameter<T: std::str::FromStr<Err: std::fmt::Display>>(
    request: &Request,
    name: &str,
) -> Result<Option<T>, Problem> {
    let parameters = request.query_string_parameters_ref();
    let Some(value) = parameters.and_then(|parameters| parameters.first(name)) else {
        return Ok(None);
    };
    visible(value).map(Some).map_err(|detail| {
        Problem::new(
            ProblemKind::InvalidParameter,
            format!("the parameter {name} {detail}"),
        )
    })
}

/// A boolean query parameter; false if it is missing.
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

/// The name of an object in the path; violations point to the field of that name.
pub fn named<T: std::str::FromStr<Err: std::fmt::Display>>(
    request: &Request,
    name: &str,
) -> Result<T, Problem> {
    let parameters = request.path_parameters();
    let value = parameters.first(name).unwrap_or_default();
    visible(value).map_err(|detail| {
        let pointer = format!("/{name}");
        Unreadable::Invalid(vec![Violation { pointer, detail }]).into()
    })
}

/// The public URL of the API, from the gateway's data.
pub fn base_url(request: &Request) -> String {
    let scheme = header(request, "x-forwarded-proto").unwrap_or("https");
    let host = header(request, "host").unwrap_or_default();
    format!("{scheme}://{host}")
}
