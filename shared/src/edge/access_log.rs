//! The span of a request, and the one log line about its answer.
//!
//! The span declares all that lines about a request say; what is known only later is learned on the way.

use std::time::Duration;

use lambda_http::request::RequestContext;
use lambda_http::{Request, RequestExt};
use tracing::field::Empty;
use tracing::{Level, Span, error, info, info_span, warn};

use crate::domain::text::RequestId;
use crate::edge::answer::has_its_lines;
use crate::edge::request::Answer;

/// The span of a request with this id. Its route is the template's, so that no token or id of a path is logged.
pub(super) fn span(request: &Request, id: &RequestId) -> Span {
    let route_key = match request.request_context_ref() {
        Some(RequestContext::ApiGatewayV2(context)) => context.route_key.as_deref(),
        _ => None,
    };
    let route = route_key.map(|key| key.split_once(' ').map_or(key, |(_, path)| path));
    info_span!(
        "request",
        request_id = %id,
        method = %request.method(),
        route,
        client_id = Empty,
        alias = Empty,
        partner = Empty,
        order_number = Empty,
        shipment_type = Empty,
    )
}

/// Logs how a request was answered.
pub(super) fn log(answer: &Answer, duration: Duration) {
    let duration_ms = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    let problem = match answer {
        Ok(response) if has_its_lines(response) => return,
        Ok(response) => {
            let status = response.status().as_u16();
            info!(status, duration_ms, "request answered");
            return;
        }
        Err(problem) => problem,
    };
    let kind = problem.kind();
    let (status, name, cause) = (kind.meaning().status, kind.slug(), problem.cause());
    match kind.level() {
        Level::ERROR => {
            error!(
                status,
                duration_ms,
                problem = name,
                error = cause,
                "request failed"
            );
        }
        Level::WARN => {
            warn!(
                status,
                duration_ms,
                problem = name,
                error = cause,
                "request failed"
            );
        }
        _ => info!(status, duration_ms, problem = name, "request refused"),
    }
}
