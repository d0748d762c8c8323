//! The envelope, put around responses by `respond`.

use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use serde_json::{Value, json};

use crate::contract::fields::{Unreadable, Violation};
use crate::edge::answer;
use crate::edge::envelope::with_pagination;
use crate::edge::problem::Problem;
use crate::edge::problem::kind::ProblemKind;
use crate::edge::request::{Answer, respond};
use crate::flows::failure::FlowFailure;
use crate::partners::failure::Refusal;

const EVENT: &str = include_str!("../../../../events/generate-label.json");

fn request(path: &str) -> Request {
    let mut event: Value = serde_json::from_str(EVENT).unwrap();
    event["rawPath"] = json!(path);
    event["requestContext"]["http"]["path"] = json!(path);
    lambda_http::request::from_str(&event.to_string()).unwrap()
}

/// The response of a handler at a path, and its body with a fixed time.
async fn answered(path: &str, answer: impl FnOnce() -> Answer) -> (Response<Body>, Value) {
    let request = request(path);
    let response = respond(&request, async |_| answer()).await;
    let mut body: Value = serde_json::from_slice(response.body()).unwrap();
    if let Some(timestamp) = body.pointer_mut("/metadata/timestamp") {
        assert!(timestamp.as_i64().unwrap() > 1_700_000_000);
        *timestamp = json!(0);
    }
    (response, body)
}

async fn failed(problem: impl Into<Problem>) -> (Response<Body>, Value) {
    let problem = problem.into();
    answered("/v3/fulfillment/pgi", || Err(problem)).await
}

#[tokio::test]
async fn a_success_below_v3_is_the_data_of_an_envelope() {
    let data = json!({ "group_key": "g", "so_numbers": ["1"], "weight": 0.1 });
    let (response, body) = answered("/v3/fulfillment/outbound/oms", || {
        Ok(answer::json(StatusCode::ACCEPTED, &data))
    })
    .await;
    assert_eq!(response.status(), 202);
    assert_eq!(response.headers()["content-type"], "application/json");
    assert_eq!(response.headers()["x-request-id"], "JKJaXmPLvHcESHA=");
    assert_eq!(
        body,
        json!({
            "metadata": {
                "path": "/v3/fulfillment/outbound/oms", "http_status_code": 202, "http_status": "Accepted", "timestamp": 0,
            },
            "data": data,
        })
    );
    let (response, body) = answered("/v3/a", || Ok(Response::new(Body::Empty))).await;
    assert_eq!(
        (response.status(), &body["data"]),
        (StatusCode::OK, &Value::Null)
    );
}

#[tokio::test]
async fn the_digits_of_the_data_stay_as_they_are() {
    let text = r#"{"a":1.10,"b":123456789012345678901234567890}"#.to_owned();
    let request = request("/v3/pricing/domestic");
    let response = respond(&request, async |_| {
        Ok(answer::stored(StatusCode::OK, text.clone(), false))
    })
    .await;
    let body = String::from_utf8(response.body().to_vec()).unwrap();
    assert!(body.ends_with(&format!(r#","data":{text}}}"#)), "{body}");
}

#[tokio::test]
async fn other_paths_have_no_envelope() {
    for path in ["/v3", "/v30/a", "/orders", "/a/v3/b"] {
        let (_, body) = answered(path, || Ok(answer::json(StatusCode::OK, &json!({})))).await;
        assert_eq!(body, json!({}), "{path}");
        let (response, body) =
            answered(path, || Err(Problem::new(ProblemKind::NotFound, "x"))).await;
        assert_eq!(body["status"], 404, "{path}");
        assert_eq!(
            response.headers()["content-type"],
            "application/problem+json"
        );
    }
}

#[tokio::test]
async fn each_invalid_field_is_an_error_with_its_pointer() {
    let violation = |pointer: &str, detail: &str| Violation {
        pointer: pointer.to_owned(),
        detail: detail.to_owned(),
    };
    let wrong = Unreadable::Invalid(vec![
        violation("/3/so_number", "is missing"),
        violation("", "must be a JSON object"),
    ]);
    let (response, body) = failed(wrong).await;
    assert_eq!(response.status(), 422);
    assert_eq!(response.headers()["content-type"], "application/json");
    assert_eq!(
        body,
        json!({
            "metadata": {
                "path": "/v3/fulfillment/pgi", "http_status_code": 422, "http_status": "Unprocessable Entity", "timestamp": 0,
                "errors": [
                    { "code": "invalid-request", "message": "is missing", "pointer": "/3/so_number" },
                    { "code": "invalid-request", "message": "must be a JSON object", "pointer": "" },
                ],
            },
            "data": null,
        })
    );
}

#[tokio::test]
async fn problems_of_the_edge_keep_their_status_and_headers() {
    let (response, body) = failed(Problem::unauthenticated("send an API key", "Bearer")).await;
    assert_eq!(response.status(), 401);
    assert_eq!(response.headers()["www-authenticate"], "Bearer");
    let errors = json!([{ "code": "unauthenticated", "message": "send an API key" }]);
    assert_eq!(body["metadata"]["errors"], errors);
    let (response, _) = failed(Problem::method_not_allowed("GET, POST")).await;
    assert_eq!(
        (response.status().as_u16(), &response.headers()["allow"]),
        (405, &"GET, POST".parse().unwrap())
    );
    let (response, body) = failed(Problem::throttled(std::time::Duration::from_secs(2))).await;
    assert_eq!(
        (
            response.status().as_u16(),
            &response.headers()["retry-after"]
        ),
        (429, &"2".parse().unwrap())
    );
    assert_eq!(body["metadata"]["http_status"], "Too Many Requests");
}

#[tokio::test]
async fn a_refusal_says_the_partner_s_code_and_message() {
    let refusal = Refusal {
        code: Some("31006".to_owned()),
        message: Some("area not served".to_owned()),
    };
    let (response, body) = failed(FlowFailure::Refused("OTHER".parse().unwrap(), refusal)).await;
    assert_eq!(response.status(), 422);
    let error = &body["metadata"]["errors"][0];
    assert_eq!(error["code"], "refused-by-aggregator");
    assert_eq!(
        error["message"],
        "OTHER refused the request: area not served (31006)"
    );
}

#[tokio::test]
async fn a_part_of_a_list_says_which_part_beside_the_data() {
    let page = json!({ "current_page": 1, "total_pages": 3 });
    for (pagination, expected) in [(Some(page.clone()), Some(&page)), (None, None)] {
        let (response, body) = answered("/v3/pricing/domestic", || {
            let data = answer::json(StatusCode::OK, &json!([1]));
            Ok(with_pagination(data, pagination))
        })
        .await;
        assert_eq!(response.status(), 200);
        assert_eq!(body["data"], json!([1]));
        assert_eq!(body.get("pagination"), expected);
    }
}
