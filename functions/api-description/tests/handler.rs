//! The handler with an event as AWS sends it.

use api_description::handle;
use insta::assert_json_snapshot;
use lambda_http::{Body, Response, request};
use local::handler_world::HttpEvent;

use crate::answer::{json, text};

async fn answer(event: &HttpEvent) -> Response<Body> {
    handle(request::from_str(&event.to_string()).unwrap()).await
}

#[tokio::test]
async fn the_description_is_served() {
    let answer = answer(&HttpEvent::of("api-description").unwrap()).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "application/json");
    assert_eq!(answer.headers()["x-request-id"], "JKJaXmPLvHcESHA=");
    assert!(text(&answer).starts_with("{\n  \"openapi\": \"3.1.0\""));
}

#[tokio::test]
async fn another_path_is_not_found() {
    let event = HttpEvent::of("api-description").unwrap();
    let answer = answer(&event.asking("GET", "/nothing", "")).await;
    assert_eq!(answer.status(), 404);
    assert_json_snapshot!(json(&answer), @r#"
    {
      "detail": "path not found; GET /openapi.json lists all paths",
      "instance": "JKJaXmPLvHcESHA=",
      "status": 404,
      "title": "Not found",
      "type": "https://github.com/rms-logistics/rms-logistics/blob/main/docs/errors.md#not-found"
    }
    "#);
}

#[tokio::test]
async fn another_path_below_v3_is_not_found_in_the_envelope() {
    let event = HttpEvent::of("api-description").unwrap();
    let answer = answer(&event.asking("GET", "/v3/nothing", "")).await;
    assert_eq!(answer.status(), 404);
    assert_eq!(answer.headers()["content-type"], "application/json");
    assert_json_snapshot!(json(&answer), { ".metadata.timestamp" => "[now]" }, @r#"
    {
      "data": null,
      "metadata": {
        "errors": [
          {
            "code": "not-found",
            "message": "path not found; GET /openapi.json lists all paths"
          }
        ],
        "http_status": "Not Found",
        "http_status_code": 404,
        "path": "/v3/nothing",
        "timestamp": "[now]"
      }
    }
    "#);
}

#[tokio::test]
async fn another_method_gets_the_allowed_ones() {
    let event = HttpEvent::of("api-description").unwrap();
    let answer = answer(&event.asking("PUT", "/shipping-labels", "")).await;
    assert_eq!(answer.status(), 405);
    assert_eq!(answer.headers()["allow"], "DELETE, GET, POST");
    assert_json_snapshot!(json(&answer), @r#"
    {
      "detail": "this path allows DELETE, GET, POST",
      "instance": "JKJaXmPLvHcESHA=",
      "status": 405,
      "title": "Method not allowed",
      "type": "https://github.com/rms-logistics/rms-logistics/blob/main/docs/errors.md#method-not-allowed"
    }
    "#);
}

#[tokio::test]
async fn every_described_path_is_known_by_its_methods() {
    let event = HttpEvent::of("api-description").unwrap();
    let description = json(&answer(&event).await);
    let paths = description["paths"].as_object().unwrap();
    assert!(!paths.is_empty());
    for (path, methods) in paths {
        let methods: Vec<_> = methods.as_object().unwrap().keys().collect();
        let allowed = methods.iter().map(|method| method.to_uppercase());
        let allowed: Vec<_> = allowed.collect();
        // A variable in a path matches exactly one segment.
        let path = path.replace(['{', '}'], "");
        let answered = answer(&event.clone().asking("PATCH", &path, "")).await;
        assert_eq!(answered.status(), 405, "{path}");
        assert_eq!(answered.headers()["allow"], allowed.join(", "), "{path}");
        let longer = answer(&event.clone().asking("PATCH", &format!("{path}/a/b/c"), "")).await;
        assert_eq!(longer.status(), 404, "{path}");
    }
}
