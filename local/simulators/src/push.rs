//! Pushing a notification to RMS, and what it answered.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use reqwest::{Client, RequestBuilder};
use serde::Serialize;
use serde_json::Value;

use crate::calls::readable;

/// Where a simulator pushes to, and the headers that prove it.
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
    /// The state that it told of.
    pub(super) notification_type: &'static str,
    /// The HTTP status of the answer; null when none came.
    pub(super) status: Option<u16>,
    /// The answer's body; without an answer, what went wrong.
    pub(super) body: Value,
}

impl Pushed {
    /// Some vendors count only 200 as success, so all do here.
    pub(super) fn is_accepted(&self) -> bool {
        self.status == Some(200)
    }
}

/// A simulator's line to RMS. The target is known only after the account was configured, hence set later.
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
        let mut request = self.client.post(&target.url).json(notification);
        for (name, value) in &target.headers {
            request = request.header(name, value);
        }
        let (status, body) = match exchange(request).await {
            Ok((status, body)) => (Some(status), body),
            Err(error) => (None, Value::String(format!("no answer: {error}"))),
        };
        Pushed {
            notification_type,
            status,
            body,
        }
    }
}

async fn exchange(request: RequestBuilder) -> reqwest::Result<(u16, Value)> {
    let answer = request.send().await?;
    let status = answer.status().as_u16();
    let body = answer.bytes().await?;
    Ok((status, readable(&body)))
}
