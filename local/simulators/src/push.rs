//! Pushes a notification to RMS and records the answer.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use reqwest::{Client, RequestBuilder};
use serde::Serialize;
use serde_json::Value;

use crate::calls::readable;

/// The URL that a simulator pushes to, and the headers that authenticate the push.
#[derive(Clone)]
pub struct PushTarget {
    /// The account's push URL.
    pub url: String,
    /// Sent with every push.
    pub headers: BTreeMap<String, String>,
}

/// One push and its answer.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Pushed {
    /// The state in the notification.
    pub(super) notification_type: &'static str,
    /// The HTTP status of the answer; null without an answer.
    pub(super) status: Option<u16>,
    /// The answer's body, or the error without an answer.
    pub(super) body: Value,
}

impl Pushed {
    /// Only 200 is a success, because some vendors accept nothing else.
    pub(super) fn is_accepted(&self) -> bool {
        self.status == Some(200)
    }
}

/// Pushes from a simulator to RMS. The target is set later, because it is known only once the account is configured.
pub(super) struct Pusher {
    client: Client,
    target: Mutex<Option<PushTarget>>,
}

impl Pusher {
    pub(super) fn new(client: Client) -> Self {
        Self {
            client,
            target: Mutex::default(),
        }
    }

    pub(super) fn set_target(&self, target: PushTarget) {
        *self.target.lock().unwrap_or_else(PoisonError::into_inner) = Some(target);
    }

    pub(super) fn target(&self) -> Option<PushTarget> {
        let target = self.target.lock();
        target.unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) async fn push(
        &self,
        target: &PushTarget,
        notification_type: &'static str,
        notification: &Value,
    ) -> Pushed {
        let request = self.request(target).json(notification);
        let (status, body) = answer_to(request).await;
        Pushed {
            notification_type,
            status,
            body,
        }
    }

    /// A push without a body.
    pub(super) fn request(&self, target: &PushTarget) -> RequestBuilder {
        let headers = target.headers.iter();
        headers.fold(self.client.post(&target.url), |request, (name, value)| {
            request.header(name, value)
        })
    }
}

/// The status of the answer to a push, and its body; without an answer no status, and the error.
pub(super) async fn answer_to(request: RequestBuilder) -> (Option<u16>, Value) {
    match exchange(request).await {
        Ok((status, body)) => (Some(status), body),
        Err(error) => (None, Value::String(format!("no answer: {error}"))),
    }
}

async fn exchange(request: RequestBuilder) -> reqwest::Result<(u16, Value)> {
    let answer = request.send().await?;
    let status = answer.status().as_u16();
    let body = answer.bytes().await?;
    Ok((status, readable(&body)))
}
