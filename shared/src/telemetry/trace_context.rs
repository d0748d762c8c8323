//! The trace of the request that is being handled, for its calls to partners and the messages that it causes.
//!
//! It is a part of the request's context, like the span of its log lines: passing it to every flow that might call or send
//! would say nothing in any of them.

use std::future::Future;

use crate::domain::trace::TraceParent;

tokio::task_local! {
    static TRACE: TraceParent;
}

/// Handles a request that belongs to a trace.
pub async fn within<F: Future>(trace: Option<TraceParent>, work: F) -> F::Output {
    match trace {
        Some(trace) => TRACE.scope(trace, work).await,
        None => work.await,
    }
}

/// The trace of the current request.
pub fn current() -> Option<TraceParent> {
    TRACE.try_with(Clone::clone).ok()
}
