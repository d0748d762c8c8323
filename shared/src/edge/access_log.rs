//! The span of a request, and the log line about its response.
//!
//! The span declares all fields of a request; values that are known only later are set on the way.

use std::time::Duration;

use lambda_http::request::RequestContext;
use lambda_http::{Request, RequestExt};
use tracing::field::Empty;
use tracing::{Level, Span, error, info, info_span, warn};

use crate::domain::text::RequestId;
use crate::edge::answer::has_its_lines;
use crate::edge::problem::kind::ProblemKind;
use crate::edge::request::Answer;
use crate::telemetry::metrics::{self, Metric};

/// The span of a request with this id.
pub(super) fn span(id: &RequestId) -> Span {
    info_span!(
        "request",
        request_id = %id,
        trace_id = Empty,
        client_id = Empty,
        alias = Empty,
        partner = Empty,
        order_number = Empty,
        shipment_type = Empty,
    )
}

/// The route as in the template, so that no token or id in a path is logged.
fn route(request: &Request) -> Option<&str> {
    let route_key = match request.request_context_ref() {
        Some(RequestContext::ApiGatewayV2(context)) => context.route_key.as_deref(),
        _ => None,
    };
    route_key.map(|key| key.split_once(' ').map_or(key, |(_, path)| path))
}

/// Logs the response to a request. Method and route are in this line alone: the request's other lines have its id.
pub(super) fn log(request: &Request, answer: &Answer, duration: Duration) {
    let (method, route) = (request.method().as_str(), route(request));
    let duration_ms = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    let problem = match answer {
        Ok(response) if has_its_lines(response) => return,
        Ok(response) => {
            let status = response.status().as_u16();
            metrics::carried_by_next_line();
            info!(method, route, status, duration_ms, "request answered");
            return;
        }
        Err(problem) => problem,
    };
    let kind = problem.kind();
    let (status, name, cause) = (kind.meaning().status, kind.slug(), problem.cause());
    if kind == ProblemKind::Throttled {
        metrics::count(Metric::Throttled, 1);
    }
    metrics::carried_by_next_line();
    match kind.level() {
        Level::ERROR => {
            error!(
                method,
                route,
                status,
                duration_ms,
                problem = name,
                error = cause,
                "request failed"
            );
        }
        Level::WARN => {
            warn!(
                method,
                route,
                status,
                duration_ms,
                problem = name,
                error = cause,
                "request failed"
            );
        }
        _ => info!(
            method,
            route,
            status,
            duration_ms,
            problem = name,
            "request refused"
        ),
    }
}

#[cfg(test)]
mod tests {
    use lambda_http::{Body, Response};
    use serde_json::json;

    use crate::domain::client::Scope;
    use crate::edge::answer;
    use crate::edge::problem::Problem;
    use crate::edge::problem::kind::ProblemKind;
    use crate::edge::request::{Answer, request_id, respond};
    use crate::flows::failure::FlowFailure;
    use crate::telemetry::captured::Captured;
    use crate::telemetry::set_field;

    const EVENT: &str = include_str!("../../../events/generate-label.json");

    /// The response to the event of `POST /shipping-labels`, and its log line without the duration.
    async fn answered(
        answer: impl AsyncFn() -> Answer,
    ) -> (Response<Body>, Vec<serde_json::Value>) {
        let captured = Captured::start();
        let request = lambda_http::request::from_str(EVENT).unwrap();
        let response = respond(&request, async |_| answer().await).await;
        let mut lines = captured.lines();
        for line in &mut lines {
            let duration = line.as_object_mut().unwrap().remove("duration_ms");
            assert!(duration.unwrap().as_u64().unwrap() < 60_000);
        }
        (response, lines)
    }

    #[tokio::test]
    async fn a_success_is_one_line_with_the_fields_that_became_known() {
        let (response, lines) = answered(async || {
            set_field("client_id", &"demo");
            set_field("order_number", &"1001");
            Ok(answer::no_content())
        })
        .await;
        assert_eq!(response.headers()["x-request-id"], "JKJaXmPLvHcESHA=");
        assert_eq!(
            lines,
            [json!({
                "level": "INFO", "message": "request answered", "status": 204, "request_id": "JKJaXmPLvHcESHA=",
                "method": "POST", "route": "/shipping-labels", "client_id": "demo", "order_number": "1001",
            })]
        );
    }

    #[tokio::test]
    async fn a_failure_is_one_line_with_its_causes_and_the_response_has_none() {
        let (response, lines) = answered(async || {
            let cause = FlowFailure::AggregatorUnavailable(None, Some("no route to host".into()));
            Err(FlowFailure::OutcomeUnknown(Some(cause.into())).into())
        })
        .await;
        let body = String::from_utf8(response.body().to_vec()).unwrap();
        assert!(!body.contains("no route"), "{body}");
        assert!(body.contains(r#""instance":"JKJaXmPLvHcESHA=""#), "{body}");
        assert_eq!(
            lines,
            [json!({
                "level": "WARN", "message": "request failed", "status": 504, "problem": "outcome-unknown",
                "error": "the outcome is unknown: the aggregator is unavailable: no route to host",
                "request_id": "JKJaXmPLvHcESHA=", "method": "POST", "route": "/shipping-labels",
            })]
        );
    }

    #[tokio::test]
    async fn a_refusal_is_one_line_without_its_detail() {
        let detail = format!("the API key lacks the scope {}", Scope::Shipping);
        let (_, lines) =
            answered(async || Err(Problem::new(ProblemKind::Forbidden, detail.clone()))).await;
        assert_eq!(
            lines,
            [json!({
                "level": "INFO", "message": "request refused", "status": 403, "problem": "forbidden",
                "request_id": "JKJaXmPLvHcESHA=", "method": "POST", "route": "/shipping-labels",
            })]
        );
    }

    #[tokio::test]
    async fn a_response_that_has_its_lines_gets_no_other() {
        let (_, lines) = answered(async || Ok(answer::with_its_lines(answer::no_content()))).await;
        assert_eq!(lines, Vec::<serde_json::Value>::new());
    }

    #[test]
    fn a_request_without_a_valid_id_gets_one() {
        let id_of = |event: &str| {
            let request = lambda_http::request::from_str(event).unwrap();
            request_id(&request).to_string()
        };
        assert_eq!(id_of(EVENT), "JKJaXmPLvHcESHA=");
        for odd in [
            r#""requestId":"""#,
            r#""requestId":"a b""#,
            r#""requestId":null"#,
        ] {
            let id = id_of(&EVENT.replace(r#""requestId": "JKJaXmPLvHcESHA=""#, odd));
            assert_eq!(id.parse::<uuid::Uuid>().unwrap().get_version_num(), 7);
        }
    }
}
