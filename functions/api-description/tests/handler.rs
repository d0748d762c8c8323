//! The handler with an event as AWS sends it.

use std::collections::BTreeSet;
use std::io::Read as _;

use api_description::handle;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::read::GzDecoder;
use insta::assert_json_snapshot;
use lambda_http::{Body, Response, request};
use local::handler_world::HttpEvent;

use crate::answer::{json, text};

/// The event of a caller who accepts no compression.
fn plain_event() -> HttpEvent {
    let event = HttpEvent::of("api-description").unwrap();
    event.with_header("accept-encoding", None)
}

async fn answer(event: &HttpEvent) -> Response<Body> {
    handle(request::from_str(&event.to_string()).unwrap()).await
}

#[tokio::test]
async fn the_description_is_served() {
    let answer = answer(&plain_event()).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "application/json");
    assert_eq!(answer.headers()["x-request-id"], "JKJaXmPLvHcESHA=");
    assert!(text(&answer).starts_with("{\n  \"openapi\": \"3.1.0\""));
}

/// The page, and the response that has it.
async fn page() -> (Response<Body>, String) {
    let event = plain_event();
    let answer = answer(&event.asking("GET", "/docs", "")).await;
    assert_eq!(answer.status(), 200);
    let page = text(&answer).to_owned();
    (answer, page)
}

/// What follows a word in a text, up to the quotation mark.
fn after<'a>(page: &'a str, word: &'a str) -> impl Iterator<Item = &'a str> {
    let rest = page.split(word).skip(1);
    rest.map(|rest| rest.split('"').next().unwrap())
}

#[tokio::test]
async fn the_page_has_an_anchor_for_each_operation_and_schema_and_every_link_leads_to_one() {
    let (answer, page) = page().await;
    assert_eq!(answer.headers()["content-type"], "text/html; charset=utf-8");
    let anchors: BTreeSet<_> = after(&page, " id=\"").collect();
    let event = plain_event();
    let api = json(&self::answer(&event).await);
    let paths = ["paths", "webhooks"].into_iter();
    let items = paths.flat_map(|paths| api[paths].as_object().unwrap().values());
    let operations: Vec<_> = items
        .flat_map(|item| item.as_object().unwrap().values())
        .map(|operation| operation["operationId"].as_str().unwrap().to_owned())
        .collect();
    let schemas = api["components"]["schemas"].as_object().unwrap().keys();
    let schemas = schemas.map(|name| format!("schema-{name}"));
    for wanted in operations.into_iter().chain(schemas) {
        assert!(anchors.contains(wanted.as_str()), "no anchor {wanted}");
    }
    for link in after(&page, "href=\"#") {
        assert!(anchors.contains(link), "{link} leads nowhere");
    }
}

#[tokio::test]
async fn the_page_loads_nothing_and_its_policy_allows_only_its_style() {
    let (answer, page) = page().await;
    for forbidden in [
        "<script", "<link", "<img", " src=", "style=\"", "@import", "url(",
    ] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
    let style = page.split("<style>").nth(1).unwrap();
    let style = style.split("</style>").next().unwrap();
    let digest = ring::digest::digest(&ring::digest::SHA256, style.as_bytes());
    let digest = STANDARD.encode(digest);
    assert_eq!(
        answer.headers()["content-security-policy"],
        format!(
            "default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
    );
}

#[tokio::test]
async fn a_call_of_curl_has_the_body_that_the_tests_send() {
    let (_, page) = page().await;
    let label = page
        .split("<article id=\"generate_label\">")
        .nth(1)
        .unwrap();
    let label = label.split("</article>").next().unwrap();
    for part in [
        "curl &#34;$RMS/shipping-labels&#34;",
        "-H &#34;authorization: Bearer $API_KEY&#34;",
        "&#34;orderNumber&#34;: &#34;asdf1234&#34;",
        "idempotent-replayed",
    ] {
        assert!(label.contains(part), "{part} is not in {label}");
    }
}

#[tokio::test]
async fn both_are_compressed_for_those_who_accept_it() {
    for path in ["/docs", "/openapi.json"] {
        let event = plain_event();
        let event = event.asking("GET", path, "");
        let plain = answer(&event).await;
        assert_eq!(plain.headers().get("content-encoding"), None);
        for (accepted, is_compressed) in [
            ("gzip", true),
            ("deflate, GZIP;q=0.5, br", true),
            ("gzip;q=0", false),
            ("br", false),
        ] {
            let event = event.clone().with_header("accept-encoding", Some(accepted));
            let answer = answer(&event).await;
            assert_eq!(answer.headers()["vary"], "accept-encoding");
            let encoding = answer.headers().get("content-encoding");
            assert_eq!(encoding.is_some(), is_compressed, "{accepted}");
            if !is_compressed {
                continue;
            }
            let body: &[u8] = answer.body().as_ref();
            assert!(body.len() < 150_000, "{path} has {} bytes", body.len());
            let mut unpacked = String::new();
            GzDecoder::new(body).read_to_string(&mut unpacked).unwrap();
            assert_eq!(unpacked, text(&plain));
        }
    }
}

#[tokio::test]
async fn another_path_is_not_found() {
    let event = plain_event();
    let answer = answer(&event.asking("GET", "/nothing", "")).await;
    assert_eq!(answer.status(), 404);
    assert_json_snapshot!(json(&answer), @r#"
    {
      "detail": "path not found; GET /openapi.json lists all paths, GET /docs shows them, /console is the console for people",
      "instance": "JKJaXmPLvHcESHA=",
      "status": 404,
      "title": "Not found",
      "type": "https://github.com/rms-logistics/rms-logistics/blob/main/docs/errors.md#not-found"
    }
    "#);
}

#[tokio::test]
async fn another_path_below_v3_is_not_found_in_the_envelope() {
    let event = plain_event();
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
            "message": "path not found; GET /openapi.json lists all paths, GET /docs shows them, /console is the console for people"
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
    let event = plain_event();
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
    let event = plain_event();
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
        for other in [format!("{path}/a/b/c"), format!("{path}/")] {
            let answered = answer(&event.clone().asking("PATCH", &other, "")).await;
            assert_eq!(answered.status(), 404, "{other}");
        }
    }
}

#[tokio::test]
async fn a_path_without_its_code_is_not_found_by_any_method() {
    // What is left of `/return-orders/%3F/processing` and `/shipments/%3F`, which the gateway decodes.
    for path in ["/shipments/", "/return-orders/", "/channels//orders"] {
        for method in ["GET", "POST", "DELETE"] {
            let answered = answer(&plain_event().asking(method, path, "")).await;
            assert_eq!(answered.status(), 404, "{method} {path}");
        }
    }
}
