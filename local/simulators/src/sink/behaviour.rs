//! How the sink answers: the configured [`Behaviour`], its validated form [`Conduct`], and one [`Answer`].

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use axum::response::{IntoResponse, Json, Response};
use http::header::{InvalidHeaderName, InvalidHeaderValue, RETRY_AFTER};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::connection;

/// How requests are answered. Absent fields have their defaults.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Behaviour {
    /// The HTTP status, 200 to 599. Default 200.
    pub status: u16,
    /// With n, all fields apply to the next n requests only; later requests get a plain 200. Default: all requests.
    pub fail_next: Option<u64>,
    /// The `Retry-After` header. Default none.
    pub retry_after: Option<RetryAfter>,
    /// The delay of an answer in milliseconds. Default 0.
    pub delay_ms: u64,
    /// Additional headers. Default none.
    pub headers: BTreeMap<String, String>,
    /// Cut the connection in the middle of the answer. Default no.
    pub reset: bool,
}

/// The two forms of RFC 9110.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(untagged)]
pub enum RetryAfter {
    /// Seconds from now.
    Seconds(u64),
    /// A date, or any other text to send.
    Text(String),
}

/// Why a behaviour is refused.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "the messages describe the variants")]
pub enum BehaviourError {
    #[error("invalid behaviour: {0}")]
    Unreadable(#[from] serde_json::Error),
    #[error("status must be 200 to 599, not {0}")]
    Status(u16),
    #[error("invalid header name: {0}")]
    HeaderName(#[from] InvalidHeaderName),
    #[error("invalid header value: {0}")]
    HeaderValue(#[from] InvalidHeaderValue),
}

/// A valid behaviour, and for how many requests it still applies.
#[derive(Default)]
pub(super) struct Conduct {
    answer: Answer,
    remaining: Option<u64>,
}

/// One answer.
#[derive(Clone, Default)]
pub(super) struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    delay: Duration,
    reset: bool,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            status: StatusCode::OK.as_u16(),
            fail_next: None,
            retry_after: None,
            delay_ms: 0,
            headers: BTreeMap::new(),
            reset: false,
        }
    }
}

impl fmt::Display for RetryAfter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Seconds(seconds) => seconds.fmt(formatter),
            Self::Text(text) => text.fmt(formatter),
        }
    }
}

impl TryFrom<Behaviour> for Conduct {
    type Error = BehaviourError;

    fn try_from(behaviour: Behaviour) -> Result<Self, BehaviourError> {
        let mut headers = HeaderMap::new();
        for (name, value) in &behaviour.headers {
            headers.insert(
                HeaderName::from_bytes(name.as_bytes())?,
                HeaderValue::from_str(value)?,
            );
        }
        if let Some(retry_after) = &behaviour.retry_after {
            headers.insert(
                RETRY_AFTER,
                HeaderValue::from_str(&retry_after.to_string())?,
            );
        }
        let answer = Answer {
            status: final_status(behaviour.status)?,
            headers,
            delay: Duration::from_millis(behaviour.delay_ms),
            reset: behaviour.reset,
        };
        Ok(Self {
            answer,
            remaining: behaviour.fail_next,
        })
    }
}

/// A 1xx is not a final answer: the client would keep waiting for one.
fn final_status(status: u16) -> Result<StatusCode, BehaviourError> {
    StatusCode::from_u16(status)
        .ok()
        .filter(|code| (200..600).contains(&code.as_u16()))
        .ok_or(BehaviourError::Status(status))
}

impl Conduct {
    /// The answer to the present request, which counts as one of the next n.
    pub(super) fn next_answer(&mut self) -> Answer {
        match &mut self.remaining {
            None => self.answer.clone(),
            Some(0) => Answer::default(),
            Some(remaining) => {
                *remaining -= 1;
                self.answer.clone()
            }
        }
    }
}

impl Answer {
    pub(super) async fn give(self) -> Response {
        tokio::time::sleep(self.delay).await;
        let body = Json(json!({ "status": "received" }));
        let mut answer = (self.status, body).into_response();
        answer.headers_mut().extend(self.headers);
        if self.reset {
            connection::cut_midway(answer)
        } else {
            answer
        }
    }
}
