//! Responses of the console, and the headers that each has.

use askama::Template;
use lambda_http::http::StatusCode;
use lambda_http::http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName,
    HeaderValue, LOCATION, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, VARY,
    X_CONTENT_TYPE_OPTIONS,
};
use lambda_http::{Body, Request, Response};
use logistics::edge::problem::Problem;
use logistics::edge::problem::kind::ProblemKind;
use logistics::edge::request::Answer;

use crate::frame::Frame;
use crate::packing::{packed_page, takes_gzip};
use crate::shown_problem::ShownProblem;

/// Nothing is loaded but the console's own style sheet, script and pages; the image is the icon in each page. No page of
/// another site may frame it, and no form may lead elsewhere.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/// Smaller bodies are sent as they are.
const WORTH_PACKING: usize = 1024;

/// A page.
pub(crate) fn page(template: &impl Template) -> Answer {
    page_as(StatusCode::OK, template)
}

/// A page with a status.
pub(crate) fn page_as(status: StatusCode, template: &impl Template) -> Answer {
    let html = template.render().map_err(|error| {
        tracing::error!(error = %error, "page not rendered");
        Problem::new(
            ProblemKind::Internal,
            "an internal error occurred; the logs have the request id",
        )
    })?;
    let mut response = Response::new(Body::from(html));
    *response.status_mut() = status;
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, html);
    Ok(response)
}

/// Leads to another page of the console: the response to every form.
pub(crate) fn see_other(location: &str) -> Answer {
    let mut response = Response::new(Body::Empty);
    *response.status_mut() = StatusCode::SEE_OTHER;
    let location = HeaderValue::from_str(location)
        .map_err(|_| Problem::new(ProblemKind::NotFound, "the console has no such page"))?;
    response.headers_mut().insert(LOCATION, location);
    Ok(response)
}

/// A page that a form has made and that stands for another place: with the script, the browser then shows that place, and
/// loads it again instead of the form.
pub(crate) fn in_place_of(location: &str, mut page: Response<Body>) -> Response<Body> {
    if let Ok(location) = HeaderValue::from_str(location) {
        let name = HeaderName::from_static("hx-push-url");
        page.headers_mut().insert(name, location);
    }
    page
}

#[derive(Template)]
#[template(path = "problem_page.html")]
struct ProblemPage<'a> {
    frame: Frame,
    problem: &'a ShownProblem,
}

/// The page of a problem, in the frame of the visitor if there is one.
pub(crate) fn failed(problem: &ShownProblem, frame: Option<&Frame>) -> Answer {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    page_as(
        status,
        &ProblemPage {
            frame: frame.cloned().unwrap_or_else(Frame::bare),
            problem,
        },
    )
}

/// The same response; a problem document as a page.
pub(crate) fn with_problem_in_words(
    response: Response<Body>,
    frame: Option<&Frame>,
) -> Response<Body> {
    let content_type = response.headers().get(CONTENT_TYPE);
    if content_type.is_none_or(|value| value != "application/problem+json") {
        return response;
    }
    let problem = serde_json::from_slice(response.body().as_ref());
    let Some(page) = problem
        .ok()
        .and_then(|problem| failed(&problem, frame).ok())
    else {
        return response;
    };
    let (parts, body) = page.into_parts();
    let mut response = response.map(|_| body);
    response.headers_mut().extend(parts.headers);
    response
}

/// Adds the headers that every response has, and packs what is worth it.
pub(crate) fn finish(request: &Request, mut response: Response<Body>) -> Response<Body> {
    let headers = response.headers_mut();
    let is_kept = headers.contains_key(CACHE_CONTROL);
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // Browsers name no origin of a form under a stricter policy.
        (REFERRER_POLICY, "same-origin"),
        (STRICT_TRANSPORT_SECURITY, "max-age=31536000"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
        (HeaderName::from_static("x-frame-options"), "DENY"),
        (VARY, "accept-encoding, cookie"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if !is_kept {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    smaller(request, response)
}

fn smaller(request: &Request, mut response: Response<Body>) -> Response<Body> {
    let headers = response.headers();
    let content_type = headers.get(CONTENT_TYPE);
    let is_text = content_type.is_some_and(|value| value.as_bytes().starts_with(b"text/"));
    let is_packed = headers.contains_key(CONTENT_ENCODING);
    let body: &[u8] = response.body().as_ref();
    if is_packed || !is_text || body.len() < WORTH_PACKING || !takes_gzip(request) {
        return response;
    }
    if let Some(bytes) = packed_page(body) {
        *response.body_mut() = Body::from(bytes);
        let gzip = HeaderValue::from_static("gzip");
        response.headers_mut().insert(CONTENT_ENCODING, gzip);
    }
    response
}
