//! Counts and delays the calls to the backends, and lets a test intercept them. A proxy in front of each backend reports its calls
//! here before it forwards them, and again before it answers.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use tokio::time::sleep;

/// A call to a backend at one of two moments.
#[derive(Debug, Clone)]
pub struct BackendCall {
    /// Its `X-Amz-Target`: `DynamoDB_20120810.PutItem`, `AmazonSQS.SendMessage`.
    pub target: String,
    /// The signer: a function's name, or `local`.
    pub caller: String,
    /// The request: JSON.
    pub request: Bytes,
    /// The moment.
    pub moment: Moment,
}

/// When an interceptor is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Moment {
    /// The call has arrived; the backend has not executed it.
    BeforeEffect,
    /// The backend has executed the call; it is not answered yet.
    AfterEffect,
}

/// An answer that replaces the backend's. Before the effect, it also prevents the effect.
#[derive(Debug, Clone)]
pub struct Instead {
    /// The HTTP status.
    pub status: StatusCode,
    /// The body: JSON.
    pub body: String,
}

/// Sees every call at both moments, and may answer it.
#[derive(Clone)]
pub struct Interceptor {
    ask: Arc<Ask>,
}

type Ask = dyn Fn(&BackendCall) -> Option<Instead> + Send + Sync;

impl Interceptor {
    /// The servers call `ask`, so it must not block for long.
    pub fn new(ask: impl Fn(&BackendCall) -> Option<Instead> + Send + Sync + 'static) -> Self {
        Self { ask: Arc::new(ask) }
    }
}

impl fmt::Debug for Interceptor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Interceptor")
    }
}

#[derive(Debug, Clone)]
pub(super) struct Calls {
    counted: Option<Arc<Mutex<BTreeMap<String, u64>>>>,
    interceptor: Option<Interceptor>,
    round_trip: Duration,
}

impl Calls {
    pub(super) fn new(
        counting: bool,
        interceptor: Option<Interceptor>,
        round_trip: Duration,
    ) -> Self {
        Self {
            counted: counting.then(Arc::default),
            interceptor,
            round_trip,
        }
    }

    /// Whether calls are counted, delayed or intercepted.
    pub(super) fn observed(&self) -> bool {
        self.counted.is_some() || self.interceptor.is_some() || !self.round_trip.is_zero()
    }

    /// Waits as long as a call is on its way.
    pub(super) async fn travel(&self) {
        if !self.round_trip.is_zero() {
            sleep(self.round_trip).await;
        }
    }

    /// Reports that a call has arrived.
    pub(super) fn came(&self, target: &str, caller: &str, request: &Bytes) -> Option<Instead> {
        if let Some(counted) = &self.counted {
            let mut counted = counted.lock().unwrap_or_else(PoisonError::into_inner);
            *counted.entry(target.to_owned()).or_default() += 1;
        }
        self.ask(target, caller, request, Moment::BeforeEffect)
    }

    /// Reports that a call was executed.
    pub(super) fn happened(&self, target: &str, caller: &str, request: &Bytes) -> Option<Instead> {
        self.ask(target, caller, request, Moment::AfterEffect)
    }

    fn ask(&self, target: &str, caller: &str, request: &Bytes, moment: Moment) -> Option<Instead> {
        let interceptor = self.interceptor.as_ref()?;
        (interceptor.ask)(&BackendCall {
            target: target.to_owned(),
            caller: caller.to_owned(),
            request: request.clone(),
            moment,
        })
    }

    pub(super) fn so_far(&self) -> BTreeMap<String, u64> {
        self.counted.as_ref().map_or_else(BTreeMap::new, |counted| {
            counted
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .clone()
        })
    }
}
