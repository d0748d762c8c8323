//! Faults of the next calls, instead of or after their effect.
//!
//! | kind | effect | answer |
//! |---|---|---|
//! | `timeoutBeforeEffect` | no | none: the connection stays open until the client goes away (or 150 s) |
//! | `timeoutAfterEffect` | yes | none, likewise |
//! | `status` | no | that HTTP status (default 503) |
//! | `refuse` | no | the vendor's own refusal, with `message` |
//! | `garbage` | yes | 200 with an unreadable body |
//! | `slow` | yes, at once | the normal one after `delayMs` (default 3000) |
//! | `reset` | yes | breaks off in the middle |
//! | `changed` | yes | the normal one with `changes`: a value for each JSON pointer |
//!
//! `delayMs` also delays the answer of the other kinds that answer. Each entry applies to one call. Entries for the same call
//! are consumed in order, those for different calls independently. The effect of `slow` comes first, so that it does not
//! depend on the client's timeout.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::response::{IntoResponse, Json, Response};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use serde::Deserialize;
use serde_json::Value;

use crate::connection;

/// Longer than a person waits, but within RMS's timeout.
const SLOW: Duration = Duration::from_secs(3);

/// Starts like JSON and ends with invalid UTF-8.
const GARBAGE: &[u8] = b"{\"orderId\":<html>502 Bad Gateway\xff\xfe";

/// The body of `PUT /<alias>/faults`.
#[derive(Deserialize)]
pub(super) struct FaultPlan {
    next: Vec<Fault>,
}

/// The fault of one call.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Fault {
    call: String,
    kind: FaultKind,
    status: Option<u16>,
    delay_ms: Option<u64>,
    message: Option<String>,
    /// A value for each JSON pointer.
    #[serde(default)]
    changes: BTreeMap<String, Value>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
enum FaultKind {
    TimeoutBeforeEffect,
    TimeoutAfterEffect,
    Status,
    Refuse,
    Garbage,
    Slow,
    Reset,
    Changed,
}

/// Why a plan is refused. No part of it is applied.
#[derive(Debug, thiserror::Error)]
pub(super) enum FaultPlanError {
    #[error("unknown call {call:?}; the calls are {}", known.join(", "))]
    UnknownCall {
        call: String,
        known: &'static [&'static str],
    },
    #[error("a fault's status must be 200 to 599, not {0}")]
    Status(u16),
}

/// The pending faults.
pub(super) struct Faults {
    calls: &'static [&'static str],
    waiting: Mutex<Vec<Fault>>,
}

impl Faults {
    pub(super) fn new(calls: &'static [&'static str]) -> Self {
        Self {
            calls,
            waiting: Mutex::default(),
        }
    }

    /// Replaces the pending faults with these; returns their number.
    pub(super) fn replace(&self, plan: FaultPlan) -> Result<usize, FaultPlanError> {
        for fault in &plan.next {
            self.check(fault)?;
        }
        let count = plan.next.len();
        *self.waiting() = plan.next;
        Ok(count)
    }

    fn check(&self, fault: &Fault) -> Result<(), FaultPlanError> {
        if !self.calls.contains(&fault.call.as_str()) {
            return Err(FaultPlanError::UnknownCall {
                call: fault.call.clone(),
                known: self.calls,
            });
        }
        match fault.status {
            Some(status) if !(200..600).contains(&status) => Err(FaultPlanError::Status(status)),
            Some(_) | None => Ok(()),
        }
    }

    /// Removes and returns the first pending fault of this call.
    pub(super) fn take(&self, call: &str) -> Option<Fault> {
        let mut waiting = self.waiting();
        let first = waiting.iter().position(|fault| fault.call == call)?;
        Some(waiting.remove(first))
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<Fault>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Fault {
    /// Applies the fault to a call.
    pub(super) async fn befall(
        self,
        refuse: impl FnOnce(Option<String>) -> Response,
        effect: impl FnOnce() -> Response,
    ) -> Response {
        let delay = self.delay();
        let answer = match self.kind {
            FaultKind::TimeoutBeforeEffect => return connection::never_answered().await,
            FaultKind::TimeoutAfterEffect => {
                drop(effect());
                return connection::never_answered().await;
            }
            FaultKind::Status => self.bare_status(),
            FaultKind::Refuse => refuse(self.message),
            FaultKind::Garbage => {
                drop(effect());
                ([(CONTENT_TYPE, "application/json")], GARBAGE).into_response()
            }
            FaultKind::Slow => effect(),
            FaultKind::Reset => connection::cut_midway(effect()),
            FaultKind::Changed => changed(effect(), self.changes).await,
        };
        tokio::time::sleep(delay).await;
        answer
    }

    fn delay(&self) -> Duration {
        let unless_said = match self.kind {
            FaultKind::Slow => SLOW,
            FaultKind::TimeoutBeforeEffect
            | FaultKind::TimeoutAfterEffect
            | FaultKind::Status
            | FaultKind::Refuse
            | FaultKind::Garbage
            | FaultKind::Reset
            | FaultKind::Changed => Duration::ZERO,
        };
        self.delay_ms.map_or(unless_said, Duration::from_millis)
    }

    /// A status as from a proxy in front of the vendor: plain text, not JSON.
    fn bare_status(self) -> Response {
        let status = self
            .status
            .and_then(|status| StatusCode::from_u16(status).ok())
            .unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
        let words = self.message.unwrap_or_else(|| status.to_string());
        (status, words).into_response()
    }
}

/// An answer in JSON with other values. A field that does not exist is added to its object.
async fn changed(answer: Response, changes: BTreeMap<String, Value>) -> Response {
    let (parts, body) = answer.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await;
    let mut body: Value = serde_json::from_slice(&body.unwrap_or_default()).unwrap_or_default();
    for (pointer, value) in changes {
        let (parent, name) = pointer.rsplit_once('/').unwrap_or_default();
        match body.pointer_mut(parent) {
            Some(Value::Object(fields)) => drop(fields.insert(name.to_owned(), value)),
            _ => body = Value::String(format!("no object at {parent:?} in the answer")),
        }
    }
    (parts.status, Json(body)).into_response()
}
