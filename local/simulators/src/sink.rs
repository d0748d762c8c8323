//! The client sink: a client's URL that stores the requests it receives and answers as configured.
//!
//! | route | |
//! |---|---|
//! | `GET /received?since=<n>` | the requests received from index n on, and the index to use next |
//! | `DELETE /received` | deletes the stored requests; indexes restart at 0, the behaviour stays |
//! | `PUT /behaviour` | sets the behaviour and returns it; see [`Behaviour`] |
//! | anything else | is stored, and answered according to the behaviour |
//!
//! A request is stored before it is answered, so that a delayed or broken answer never hides it. The sink does not check
//! signatures or contents.

mod behaviour;
mod received;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{get, put};
use http::{HeaderMap, Method, StatusCode, Uri};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::Notify;
use tokio::time::timeout;

pub use behaviour::{Behaviour, BehaviourError, RetryAfter};
pub use received::ReceivedRequest;

use behaviour::Conduct;

/// The state of one sink; clones share it.
#[derive(Clone, Default)]
pub struct Sink {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    received: Mutex<Vec<ReceivedRequest>>,
    conduct: Mutex<Conduct>,
    arrivals: Notify,
}

/// Fewer requests arrived than expected.
#[derive(Debug, thiserror::Error)]
#[error("expected {wanted} requests, received {received}")]
pub struct TooFew {
    /// The expected number.
    pub wanted: usize,
    /// The number received.
    pub received: usize,
}

impl Sink {
    /// All requests since the start or the last [`Sink::clear`], in order of arrival.
    pub fn received(&self) -> Vec<ReceivedRequest> {
        self.kept().clone()
    }

    /// The same with this path.
    pub fn received_at(&self, path: &str) -> Vec<ReceivedRequest> {
        let mut received = self.received();
        received.retain(|request| request.path == path);
        received
    }

    /// Number of stored requests.
    pub fn count(&self) -> usize {
        self.kept().len()
    }

    /// Deletes the stored requests.
    pub fn clear(&self) {
        self.kept().clear();
    }

    /// Sets how requests are answered.
    pub fn behave(&self, behaviour: Behaviour) -> Result<(), BehaviourError> {
        let conduct = Conduct::try_from(behaviour)?;
        *self.conduct() = conduct;
        Ok(())
    }

    /// Waits until at least `count` requests are stored, and returns all of them.
    pub async fn wait_for(
        &self,
        count: usize,
        patience: Duration,
    ) -> Result<Vec<ReceivedRequest>, TooFew> {
        self.at_least(count, patience, || self.received()).await
    }

    /// The same for the requests with this path.
    pub async fn wait_for_at(
        &self,
        path: &str,
        count: usize,
        patience: Duration,
    ) -> Result<Vec<ReceivedRequest>, TooFew> {
        self.at_least(count, patience, || self.received_at(path))
            .await
    }

    /// The same of the requests that fit.
    pub async fn wait_for_those(
        &self,
        fits: impl Fn(&ReceivedRequest) -> bool,
        count: usize,
        patience: Duration,
    ) -> Result<Vec<ReceivedRequest>, TooFew> {
        let received = || {
            let mut received = self.received();
            received.retain(&fits);
            received
        };
        self.at_least(count, patience, received).await
    }

    async fn at_least(
        &self,
        count: usize,
        patience: Duration,
        received: impl Fn() -> Vec<ReceivedRequest>,
    ) -> Result<Vec<ReceivedRequest>, TooFew> {
        let waiting = self.wait_until(|| {
            let received = received();
            (received.len() >= count).then_some(received)
        });
        timeout(patience, waiting).await.map_err(|_| TooFew {
            wanted: count,
            received: received().len(),
        })
    }

    async fn wait_until<T>(&self, look: impl Fn() -> Option<T>) -> T {
        loop {
            // Register before the check, so that an arrival in between wakes it.
            let arrival = self.shared.arrivals.notified();
            if let Some(found) = look() {
                return found;
            }
            arrival.await;
        }
    }

    fn keep(&self, request: ReceivedRequest) {
        self.kept().push(request);
        self.shared.arrivals.notify_waiters();
    }

    fn kept(&self) -> MutexGuard<'_, Vec<ReceivedRequest>> {
        let kept = self.shared.received.lock();
        kept.unwrap_or_else(PoisonError::into_inner)
    }

    fn conduct(&self) -> MutexGuard<'_, Conduct> {
        let conduct = self.shared.conduct.lock();
        conduct.unwrap_or_else(PoisonError::into_inner)
    }
}

/// The sink as an HTTP service.
pub fn router(sink: Sink) -> Router {
    Router::new()
        .route("/received", get(list).delete(forget))
        .route("/behaviour", put(behave))
        .fallback(receive)
        .layer(DefaultBodyLimit::disable())
        .with_state(sink)
}

#[derive(Deserialize)]
struct Since {
    #[serde(default)]
    since: usize,
}

async fn list(State(sink): State<Sink>, Query(Since { since }): Query<Since>) -> Response {
    let answer = {
        let kept = sink.kept();
        json!({ "next": kept.len(), "requests": kept.get(since..).unwrap_or_default() })
    };
    Json(answer).into_response()
}

async fn forget(State(sink): State<Sink>) -> Response {
    sink.clear();
    Json(json!({ "next": 0, "requests": [] })).into_response()
}

async fn behave(State(sink): State<Sink>, body: Bytes) -> Response {
    let set = serde_json::from_slice::<Behaviour>(&body)
        .map_err(BehaviourError::from)
        .and_then(|behaviour| sink.behave(behaviour.clone()).map(|()| behaviour));
    match set {
        Ok(behaviour) => Json(behaviour).into_response(),
        Err(error) => {
            let message = Json(json!({ "message": error.to_string() }));
            (StatusCode::UNPROCESSABLE_ENTITY, message).into_response()
        }
    }
}

async fn receive(
    State(sink): State<Sink>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    sink.keep(ReceivedRequest::new(&method, &uri, &headers, &body));
    let answer = sink.conduct().next_answer();
    answer.give().await
}
