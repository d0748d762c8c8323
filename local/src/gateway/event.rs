//! Builds the event of a request as an HTTP API does, in payload format 2.0.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::gateway::Matched;
use crate::region::ACCOUNT;

/// Headers that the gateway drops, because they belong to one connection; cookies have their own field.
const NOT_PASSED_ON: [&str; 5] = [
    "connection",
    "cookie",
    "keep-alive",
    "transfer-encoding",
    "upgrade",
];

/// A request with everything needed for its event.
pub(super) struct Received<'a> {
    pub(super) request_id: &'a str,
    pub(super) peer: SocketAddr,
    pub(super) parts: &'a Parts,
    /// The path, decoded.
    pub(super) path: &'a str,
    pub(super) body: &'a [u8],
    pub(super) route: &'a Matched<'a>,
}

pub(super) fn build(received: &Received<'_>) -> Value {
    let parts = received.parts;
    let query = parts.uri.query().unwrap_or("");
    let mut event = Map::new();
    event.insert("version".to_owned(), json!("2.0"));
    event.insert("routeKey".to_owned(), json!(received.route.key));
    event.insert("rawPath".to_owned(), json!(received.path));
    event.insert("rawQueryString".to_owned(), json!(query));
    let cookies = cookies(&parts.headers);
    if !cookies.is_empty() {
        event.insert("cookies".to_owned(), json!(cookies));
    }
    event.insert("headers".to_owned(), json!(headers(received)));
    let parameters = query_parameters(query);
    if !parameters.is_empty() {
        event.insert("queryStringParameters".to_owned(), json!(parameters));
    }
    event.insert("requestContext".to_owned(), context(received));
    if !received.route.parameters.is_empty() {
        let parameters: BTreeMap<_, _> = received.route.parameters.iter().cloned().collect();
        event.insert("pathParameters".to_owned(), json!(parameters));
    }
    let text = text(&parts.headers, received.body);
    event.insert("isBase64Encoded".to_owned(), json!(text.is_none()));
    if !received.body.is_empty() {
        let body = text.map_or_else(|| STANDARD.encode(received.body), str::to_owned);
        event.insert("body".to_owned(), json!(body));
    }
    Value::Object(event)
}

fn context(received: &Received<'_>) -> Value {
    let parts = received.parts;
    let now = Timestamp::now();
    json!({
        "accountId": ACCOUNT,
        "apiId": "local",
        "domainName": header_text(&parts.headers, "host"),
        "domainPrefix": "local",
        "http": {
            "method": parts.method.as_str(),
            "path": received.path,
            "protocol": format!("{:?}", parts.version),
            "sourceIp": received.peer.ip().to_string(),
            "userAgent": header_text(&parts.headers, "user-agent"),
        },
        "requestId": received.request_id,
        "routeKey": received.route.key,
        "stage": "$default",
        "time": now.strftime("%d/%b/%Y:%H:%M:%S +0000").to_string(),
        "timeEpoch": now.as_millisecond(),
    })
}

/// Names in lower case, several values of one name joined by commas, plus the headers that the gateway adds.
fn headers(received: &Received<'_>) -> BTreeMap<String, String> {
    let headers = &received.parts.headers;
    let mut joined: BTreeMap<String, String> = headers
        .keys()
        .filter(|name| !NOT_PASSED_ON.contains(&name.as_str()))
        .map(|name| {
            (
                name.as_str().to_owned(),
                header_text(headers, name.as_str()),
            )
        })
        .collect();
    joined.insert("content-length".to_owned(), received.body.len().to_string());
    let source = received.peer.ip().to_string();
    joined
        .entry("x-forwarded-for".to_owned())
        .and_modify(|before| *before = format!("{before}, {source}"))
        .or_insert(source);
    joined.insert("x-forwarded-proto".to_owned(), "http".to_owned());
    let host = header_text(headers, "host");
    let port = host.rsplit_once(':').map_or("80", |(_, port)| port);
    joined.insert("x-forwarded-port".to_owned(), port.to_owned());
    joined.insert(
        "x-amzn-trace-id".to_owned(),
        format!("Root=1-{}", received.request_id),
    );
    joined
}

fn header_text(headers: &HeaderMap, name: &str) -> String {
    let values: Vec<_> = headers
        .get_all(name)
        .iter()
        .map(|value| String::from_utf8_lossy(value.as_bytes()))
        .collect();
    values.join(",")
}

fn cookies(headers: &HeaderMap) -> Vec<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .map(|cookie| cookie.trim().to_owned())
        .filter(|cookie| !cookie.is_empty())
        .collect()
}

fn query_parameters(query: &str) -> BTreeMap<String, String> {
    let mut parameters: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        parameters
            .entry(name.into_owned())
            .and_modify(|before| {
                before.push(',');
                before.push_str(&value);
            })
            .or_insert_with(|| value.into_owned());
    }
    parameters
}

/// The body as text; `None` if it must be sent as base64.
fn text<'a>(headers: &HeaderMap, body: &'a [u8]) -> Option<&'a str> {
    if body.is_empty() {
        return Some("");
    }
    let content_type = header_text(headers, "content-type").to_ascii_lowercase();
    let media_type = content_type.split(';').next().unwrap_or("").trim();
    let is_text = media_type.starts_with("text/")
        || media_type.ends_with("+json")
        || media_type.ends_with("+xml")
        || [
            "application/json",
            "application/xml",
            "application/javascript",
            "application/x-www-form-urlencoded",
        ]
        .contains(&media_type);
    is_text.then(|| std::str::from_utf8(body).ok()).flatten()
}
