//! Runs a scheduled function of a running stack at once: `cargo local fire <function>` asks the stack's control address.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use axum::Router;
use axum::body::Body;
use axum::extract::{Path as PathPart, State};
use axum::routing::post;
use http::{Request, StatusCode};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use jiff::Timestamp;

use crate::instances::Function;
use crate::schedule;
use crate::stack::Published;
use crate::template::ScheduleEvent;

/// The longest answer that is read: a reason.
const LONGEST_REASON: usize = 64 * 1024;

/// The scheduled functions by binary name, each with its schedules.
pub(super) type Scheduled = BTreeMap<String, (Arc<Function>, Vec<ScheduleEvent>)>;

/// The routes of the control address.
pub(super) fn router(scheduled: Scheduled) -> Router {
    Router::new()
        .route("/fire/{function}", post(answer))
        .with_state(Arc::new(scheduled))
}

async fn answer(
    State(scheduled): State<Arc<Scheduled>>,
    PathPart(name): PathPart<String>,
) -> (StatusCode, String) {
    let Some((function, events)) = scheduled.get(&name) else {
        let known: Vec<&str> = scheduled.keys().map(String::as_str).collect();
        let known = known.join(", ");
        let reason = format!("{name} is no scheduled function; these are: {known}");
        return (StatusCode::NOT_FOUND, reason);
    };
    for event in events {
        let event = schedule::event(event, function.name(), Timestamp::now());
        if let Err(failure) = function.invoke(event).await {
            return (StatusCode::BAD_GATEWAY, failure.to_string());
        }
    }
    (StatusCode::OK, String::new())
}

/// Runs a scheduled function of the stack that published this file, once for each of its schedules, and waits until it has ended.
pub async fn fire(published: &Path, function: &str) -> anyhow::Result<()> {
    let text = std::fs::read(published).with_context(|| {
        format!(
            "cannot read {}: is the local stack running? Start it with `cargo local`",
            published.display()
        )
    })?;
    let published: Published = serde_json::from_slice(&text)?;
    let rest = published
        .rest
        .context("only the backends of the stack run, and no functions")?;
    let url = format!("{}/fire/{function}", rest.control_url);
    let request = Request::post(url).body(Body::empty())?;
    let client = Client::builder(TokioExecutor::new()).build_http::<Body>();
    let answer = client.request(request).await?;
    let status = answer.status();
    let reason = axum::body::to_bytes(Body::new(answer.into_body()), LONGEST_REASON).await?;
    if status != StatusCode::OK {
        bail!("{}", String::from_utf8_lossy(&reason));
    }
    Ok(())
}
