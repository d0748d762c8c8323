//! Converts a function's answer into an HTTP response by the rules of payload format 2.0.

use std::collections::BTreeMap;

use anyhow::Context as _;
use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    status_code: u16,
    #[serde(default)]
    headers: BTreeMap<String, Value>,
    #[serde(default)]
    cookies: Vec<String>,
    body: Option<String>,
    #[serde(default)]
    is_base64_encoded: bool,
}

/// An answer with a `statusCode` is used as it is; any other JSON becomes the body of a 200.
pub(super) fn read(payload: &[u8]) -> anyhow::Result<Response> {
    let value: Value = serde_json::from_slice(payload).context("the answer is not JSON")?;
    if value.get("statusCode").is_none() {
        return Ok(axum::Json(value).into_response());
    }
    let answer: Answer = serde_json::from_value(value)?;
    let body = match answer.body {
        Some(body) if answer.is_base64_encoded => {
            STANDARD.decode(body).context("the body is not base64")?
        }
        Some(body) => body.into_bytes(),
        None => Vec::new(),
    };
    let has_body = !body.is_empty();
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(answer.status_code)?;
    let headers = response.headers_mut();
    for (name, value) in answer.headers {
        let text = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        // The server sets the length of the body that is sent.
        if !name.eq_ignore_ascii_case("content-length") {
            headers.insert(HeaderName::try_from(name)?, HeaderValue::try_from(text)?);
        }
    }
    for cookie in answer.cookies {
        headers.append(header::SET_COOKIE, HeaderValue::try_from(cookie)?);
    }
    if has_body && !headers.contains_key(header::CONTENT_TYPE) {
        let text = HeaderValue::from_static("text/plain;charset=UTF-8");
        headers.insert(header::CONTENT_TYPE, text);
    }
    Ok(response)
}
