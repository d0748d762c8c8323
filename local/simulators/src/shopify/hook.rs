//! Sends a webhook as Shopify does.
//!
//! `X-Shopify-Hmac-Sha256` is the HMAC-SHA256 of the raw body with the app's client secret, in base64. Any 2xx is a success;
//! otherwise the same body with the same headers is sent again, up to 8 times. Shopify waits 5 s for an answer and retries over four
//! hours; here an answer may take 15 s, because the first start of a function on a busy machine takes longer, and a retry comes at
//! once.

use std::time::Duration;

use axum::Json;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::StatusCode;
use reqwest::RequestBuilder;
use ring::hmac::{HMAC_SHA256, Key, sign};
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::clock;
use crate::push::{PushTarget, answer_to};
use crate::shopify::Shopify;
use crate::shopify::order::{EVENT_ID, Order, TRIGGERED_AT};

/// The version of the API that the shop's webhooks have.
const API_VERSION: &str = "2026-10";
const MOST_RETRIES: usize = 8;
/// Time for a function that was killed to be started again.
const BETWEEN_RETRIES: Duration = Duration::from_millis(100);

/// Why nothing is sent.
#[derive(Debug, thiserror::Error)]
pub(super) enum HookRefusal {
    #[error("the body could not be parsed: {0}")]
    Unreadable(#[from] serde_json::Error),
    #[error("an id must be a whole number, not {0}")]
    Id(Value),
    #[error("omit names {0:?}, which the sent order does not have")]
    UnknownField(String),
    #[error("times must be 1 to {1}, not {0}")]
    Times(u8, u8),
    #[error("the webhook URL is not set yet")]
    NoPushTarget,
}

impl IntoResponse for HookRefusal {
    fn into_response(self) -> Response {
        let status = match &self {
            Self::Unreadable(_) | Self::Id(_) | Self::UnknownField(_) | Self::Times(..) => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            Self::NoPushTarget => StatusCode::CONFLICT,
        };
        (status, Json(json!({ "message": self.to_string() }))).into_response()
    }
}

/// A sent webhook: every attempt with its answer, in order.
pub(super) struct Sent {
    event_id: String,
    order: Value,
    pushed: Vec<Attempt>,
    is_accepted: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Attempt {
    topic: String,
    webhook_id: String,
    /// The HTTP status of the answer; null without an answer.
    status: Option<u16>,
    /// The answer's body, or the error without an answer.
    body: Value,
}

impl IntoResponse for Sent {
    fn into_response(self) -> Response {
        let status = if self.is_accepted {
            StatusCode::OK
        } else {
            StatusCode::BAD_GATEWAY
        };
        let body = json!({ "eventId": self.event_id, "order": self.order, "pushed": self.pushed });
        (status, Json(body)).into_response()
    }
}

/// Sends the webhook of an order as often as asked.
pub(super) async fn send(shop: &Shopify, body: &[u8]) -> Result<Sent, HookRefusal> {
    let order = Order::read(body)?;
    let sent = order.sent()?;
    let target = shop.desk.pusher.target().ok_or(HookRefusal::NoPushTarget)?;
    let event_id = order.event_id.clone();
    let event_id = event_id.unwrap_or_else(|| Uuid::now_v7().to_string());
    let hook = Hook {
        headers: headers(shop, &order, &event_id, &sent.to_string()),
        topic: order.topic.clone(),
        body: sent.to_string(),
    };
    let mut pushed = Vec::new();
    let mut is_accepted = true;
    for _ in 0..order.times {
        is_accepted &= hook.deliver(shop, &target, &mut pushed).await;
    }
    Ok(Sent {
        event_id,
        order: sent,
        pushed,
        is_accepted,
    })
}

fn headers(
    shop: &Shopify,
    order: &Order,
    event_id: &str,
    body: &str,
) -> Vec<(&'static str, String)> {
    let key = Key::new(HMAC_SHA256, shop.config.client_secret.as_bytes());
    let signature = STANDARD.encode(sign(&key, body.as_bytes()));
    let mut headers = vec![
        ("Content-Type", "application/json".to_owned()),
        ("X-Shopify-Topic", order.topic.clone()),
        ("X-Shopify-Hmac-Sha256", signature),
        ("X-Shopify-Shop-Domain", shop.config.shop_domain.clone()),
        ("X-Shopify-API-Version", API_VERSION.to_owned()),
    ];
    if !order.omits(EVENT_ID) {
        headers.push(("X-Shopify-Event-Id", event_id.to_owned()));
    }
    if !order.omits(TRIGGERED_AT) {
        let at = order.triggered_at.clone().unwrap_or_else(clock::now);
        headers.push(("X-Shopify-Triggered-At", at));
    }
    headers
}

/// A webhook to be delivered.
struct Hook {
    topic: String,
    headers: Vec<(&'static str, String)>,
    body: String,
}

impl Hook {
    /// Delivers it, with retries. Returns whether it was accepted.
    async fn deliver(
        &self,
        shop: &Shopify,
        target: &PushTarget,
        pushed: &mut Vec<Attempt>,
    ) -> bool {
        let webhook_id = Uuid::now_v7().to_string();
        for attempt in 0..=MOST_RETRIES {
            if attempt > 0 {
                tokio::time::sleep(BETWEEN_RETRIES).await;
            }
            let request = self.request(shop.desk.pusher.request(target), &webhook_id);
            let (status, body) = answer_to(request).await;
            pushed.push(Attempt {
                topic: self.topic.clone(),
                webhook_id: webhook_id.clone(),
                status,
                body,
            });
            if status.is_some_and(|status| (200..300).contains(&status)) {
                return true;
            }
        }
        false
    }

    fn request(&self, request: RequestBuilder, webhook_id: &str) -> RequestBuilder {
        let headers = self.headers.iter();
        headers
            .fold(request, |request, (name, value)| {
                request.header(*name, value)
            })
            .header("X-Shopify-Webhook-Id", webhook_id)
            .body(self.body.clone())
    }
}
