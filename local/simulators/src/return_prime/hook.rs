//! `POST /return-prime/requests`: stores a request, and pushes its hook unsigned.
//!
//! The body is `{request, topic, push, shape, times}`; all but `request` have defaults. No hook has an id or a signature. In the
//! shape `nested` the body is `{request: {…}}`, in `flat` the request's fields are at the top.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::push::{PushTarget, Pushed};
use crate::return_prime::ReturnPrime;

/// The topics of hooks. `cancelled` is not documented, but was seen.
const TOPICS: [&str; 9] = [
    "request/created",
    "request/approved",
    "request/received",
    "request/inspected",
    "request/refunded",
    "request/rejected",
    "request/archived",
    "request/updated",
    "request/cancelled",
];

/// More pushes of one hook than any test needs.
const MOST_TIMES: u8 = 10;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Order {
    request: Map<String, Value>,
    #[serde(default = "updated")]
    topic: String,
    #[serde(default = "yes")]
    push: bool,
    #[serde(default)]
    shape: Shape,
    #[serde(default = "once")]
    times: u8,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Shape {
    #[default]
    Nested,
    Flat,
}

fn updated() -> String {
    "request/updated".to_owned()
}

const fn yes() -> bool {
    true
}

const fn once() -> u8 {
    1
}

/// Why nothing is stored.
#[derive(Debug, thiserror::Error)]
pub(super) enum HookRefusal {
    #[error("the body could not be parsed: {0}")]
    Unreadable(#[from] serde_json::Error),
    #[error("unknown topic {0:?}; the topics are {topics}", topics = TOPICS.join(", "))]
    UnknownTopic(String),
    #[error("times must be 1 to {MOST_TIMES}, not {0}")]
    Times(u8),
    #[error("the push URL is not set yet")]
    NoPushTarget,
}

impl IntoResponse for HookRefusal {
    fn into_response(self) -> Response {
        let status = match &self {
            Self::Unreadable(_) | Self::UnknownTopic(_) | Self::Times(_) => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            Self::NoPushTarget => StatusCode::CONFLICT,
        };
        (status, Json(json!({ "message": self.to_string() }))).into_response()
    }
}

/// The stored request, and the answers to its hooks.
pub(super) struct Stored {
    request: Map<String, Value>,
    pushed: Vec<Pushed>,
}

impl IntoResponse for Stored {
    fn into_response(self) -> Response {
        let status = if self.pushed.iter().all(Pushed::is_accepted) {
            StatusCode::OK
        } else {
            StatusCode::BAD_GATEWAY
        };
        let body = json!({ "request": self.request, "pushed": self.pushed });
        (status, Json(body)).into_response()
    }
}

/// Stores a request and pushes it as often as asked. A refused body stores nothing.
pub(super) async fn store_and_push(
    prime: &ReturnPrime,
    body: &[u8],
) -> Result<Stored, HookRefusal> {
    let order: Order = serde_json::from_slice(body)?;
    let topic = TOPICS.into_iter().find(|known| *known == order.topic);
    let topic = topic.ok_or_else(|| HookRefusal::UnknownTopic(order.topic.clone()))?;
    if !(1..=MOST_TIMES).contains(&order.times) {
        return Err(HookRefusal::Times(order.times));
    }
    let target = target(prime, order.push)?;
    let request = prime.book().store(order.request);
    let hook = order.shape.hook(&request);
    let mut pushed = Vec::new();
    if let Some(target) = target {
        for _ in 0..order.times {
            pushed.push(prime.desk.pusher.push(&target, topic, &hook).await);
        }
    }
    Ok(Stored { request, pushed })
}

fn target(prime: &ReturnPrime, push: bool) -> Result<Option<PushTarget>, HookRefusal> {
    if !push {
        return Ok(None);
    }
    let target = prime.desk.pusher.target();
    target.map(Some).ok_or(HookRefusal::NoPushTarget)
}

impl Shape {
    fn hook(self, request: &Map<String, Value>) -> Value {
        match self {
            Self::Nested => json!({ "request": request }),
            Self::Flat => json!(request),
        }
    }
}
