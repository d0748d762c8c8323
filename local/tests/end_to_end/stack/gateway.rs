//! The HTTP API: the event that the function receives, and the answer that the caller receives.

use local::stack::Stack;
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::stack::world::{World, http_client, soon};

async fn call(
    stack: &Stack,
    method: Method,
    path: &str,
    body: Option<(&str, Vec<u8>)>,
) -> Response {
    let mut request = http_client().request(method, format!("{}{path}", stack.base_url()));
    if let Some((content_type, body)) = body {
        request = request.header("content-type", content_type).body(body);
    }
    soon(request.send()).await.unwrap()
}

/// The event of a request.
async fn event(stack: &Stack, method: Method, path: &str, body: Option<(&str, Vec<u8>)>) -> Value {
    let response = call(stack, method, path, body).await;
    let answer: Value = response.json().await.unwrap();
    answer["event"].clone()
}

#[tokio::test]
async fn an_event_has_the_shape_of_payload_format_2() {
    let stack = World::new().start().await;
    let body = (
        "application/json; charset=utf-8",
        "{\"name\":\"चाय\"}".into(),
    );
    let path = "/items?tag=a&tag=b%20c&empty=";
    let event = event(&stack, Method::POST, path, Some(body)).await;
    assert_eq!(event["version"], "2.0");
    assert_eq!(event["routeKey"], "POST /items");
    assert_eq!(event["rawPath"], "/items");
    assert_eq!(event["rawQueryString"], "tag=a&tag=b%20c&empty=");
    assert_eq!(
        event["queryStringParameters"],
        json!({ "tag": "a,b c", "empty": "" })
    );
    assert_eq!(event["body"], "{\"name\":\"चाय\"}");
    assert_eq!(event["isBase64Encoded"], false);
    assert_eq!(
        event["headers"]["content-type"],
        "application/json; charset=utf-8"
    );
    let context = &event["requestContext"];
    assert_eq!(context["http"]["method"], "POST");
    assert_eq!(context["http"]["path"], "/items");
    assert_eq!(context["http"]["protocol"], "HTTP/1.1");
    assert_eq!(context["http"]["sourceIp"], "127.0.0.1");
    assert_eq!(context["stage"], "$default");
    assert_eq!(context["routeKey"], "POST /items");
    assert!(context["timeEpoch"].is_i64());
    assert!(event.get("pathParameters").is_none());
    assert!(event.get("cookies").is_none());
}

#[tokio::test]
async fn headers_with_one_name_are_joined_and_cookies_are_separate() {
    let stack = World::new().start().await;
    let response = http_client()
        .get(stack.base_url())
        .header("X-Tag", "a")
        .header("X-Tag", "b")
        .header("Webhook_Key", "k")
        .header("Cookie", "one=1; two=2")
        .send()
        .await
        .unwrap();
    let answer: Value = response.json().await.unwrap();
    let event = &answer["event"];
    assert_eq!(event["headers"]["x-tag"], "a,b");
    assert_eq!(event["headers"]["webhook_key"], "k");
    assert!(event["headers"].get("cookie").is_none());
    assert_eq!(event["cookies"], json!(["one=1", "two=2"]));
    assert!(event.get("body").is_none());
}

#[tokio::test]
async fn a_body_that_is_not_text_is_base64() {
    let stack = World::new().start().await;
    for content_type in ["application/octet-stream", "application/json"] {
        let body = Some((content_type, vec![0xff, 0xfe]));
        let event = event(&stack, Method::POST, "/items", body).await;
        assert_eq!(event["isBase64Encoded"], true, "{content_type}");
        assert_eq!(event["body"], "//4=", "{content_type}");
    }
}

#[tokio::test]
async fn routes_are_those_of_the_template() {
    let stack = World::new().start().await;
    let event_of = async |method, path| event(&stack, method, path, None).await;
    let item = event_of(Method::GET, "/items/a-b").await;
    assert_eq!(item["routeKey"], "GET /items/{id}");
    assert_eq!(item["pathParameters"], json!({ "id": "a-b" }));
    assert_eq!(
        event_of(Method::DELETE, "/items").await["routeKey"],
        "$default"
    );
    assert_eq!(
        event_of(Method::GET, "/items/a/b").await["routeKey"],
        "$default"
    );
}

#[tokio::test]
async fn a_path_is_decoded_before_it_is_routed_and_a_query_stays_as_it_was_sent() {
    let stack = World::new().start().await;
    let told = async |path: &str| {
        let event = event(&stack, Method::GET, path, None).await;
        assert_eq!(event["requestContext"]["http"]["path"], event["rawPath"]);
        assert_eq!(event["requestContext"]["routeKey"], event["routeKey"]);
        let id = event["pathParameters"]["id"].as_str().map(str::to_owned);
        (event["rawPath"].as_str().unwrap().to_owned(), id)
    };
    for (sent, raw_path, id) in [
        ("/items/a%20b+c", "/items/a b+c", Some("a b+c")),
        ("/items/%E0%A4%9A&d=1", "/items/च&d=1", Some("च&d=1")),
        ("/items/50%25", "/items/50%", Some("50%")),
        ("/items/50%252F", "/items/50%2F", Some("50%2F")),
        ("/items/a%23b?c=d", "/items/a#b", Some("a#b")),
        ("/items/a%2Fb", "/items/a/b", None),
        // What follows a question mark is lost before the function is asked.
        ("/items/a%3Fb", "/items/a", Some("a")),
    ] {
        let expected = (raw_path.to_owned(), id.map(str::to_owned));
        assert_eq!(told(sent).await, expected, "{sent}");
    }
    let path = "/items/1?tag=one&tag=two&to=https%3A%2F%2Fa.b%2Fc&plus=a+b&plus=a%2Bb&empty=";
    let event = event(&stack, Method::GET, path, None).await;
    let (_, query) = path.split_once('?').unwrap();
    assert_eq!(event["rawQueryString"], query);
    assert_eq!(
        event["queryStringParameters"],
        json!({ "tag": "one,two", "to": "https://a.b/c", "plus": "a b,a+b", "empty": "" })
    );
}

#[tokio::test]
async fn without_a_default_route_an_unknown_path_is_not_found() {
    let world = World::new();
    let options = world.options();
    let template = std::fs::read_to_string(&options.template).unwrap();
    let template = template.replace("        Rest: { Type: HttpApi }\n", "");
    std::fs::write(&options.template, template).unwrap();
    let stack = Stack::start(options).await.unwrap();
    let response = call(&stack, Method::GET, "/nowhere", None).await;
    assert_eq!(response.status(), 404);
    assert_eq!(
        response.text().await.unwrap(),
        "{\"message\":\"Not Found\"}"
    );
}

#[tokio::test]
async fn an_answer_has_status_headers_cookies_and_body() {
    let stack = World::new().start().await;
    let answer = json!({
        "statusCode": 201,
        "headers": { "X-Count": 3, "Content-Type": "application/pdf" },
        "cookies": ["a=1", "b=2"],
        "body": "//4=",
        "isBase64Encoded": true,
    });
    let body = Some(("text/plain", answer.to_string().into_bytes()));
    let response = call(&stack, Method::POST, "/answer", body).await;
    assert_eq!(response.status(), 201);
    assert_eq!(response.headers()["x-count"], "3");
    assert_eq!(response.headers()["content-type"], "application/pdf");
    assert_eq!(response.headers().get_all("set-cookie").iter().count(), 2);
    assert_eq!(response.bytes().await.unwrap().as_ref(), [0xff, 0xfe]);
}

#[tokio::test]
async fn the_gateway_s_own_answers_are_bare_json() {
    let stack = World::new().start().await;
    let expect = async |method, path, body, status: u16, message: &str| {
        let response = call(&stack, method, path, body).await;
        assert_eq!(response.status(), status, "{path}");
        let answer: Value = response.json().await.unwrap();
        assert_eq!(answer, json!({ "message": message }), "{path}");
    };
    expect(Method::GET, "/error", None, 500, "Internal Server Error").await;
    expect(Method::GET, "/crash", None, 500, "Internal Server Error").await;
    expect(Method::GET, "/broken", None, 500, "Internal Server Error").await;
    expect(Method::GET, "/hang", None, 503, "Service Unavailable").await;
    let large = Some(("text/plain", vec![b'a'; 6 * 1024 * 1024 + 1]));
    expect(Method::POST, "/items", large, 413, "Request Too Long").await;
    let no_status = Some(("text/plain", b"{\"statusCode\":7}".to_vec()));
    expect(
        Method::POST,
        "/answer",
        no_status,
        500,
        "Internal Server Error",
    )
    .await;
}
