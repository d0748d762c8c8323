//! The control address of a running stack: runs scheduled functions at once, tells the metrics, and makes backends and functions fail.
//! `cargo local fire` and `cargo local top` ask it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use aws_sdk_sqs::types::QueueAttributeName;
use axum::body::{Body, Bytes};
use axum::extract::{Path as PathPart, Query, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use http::{Request, StatusCode};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use jiff::Timestamp;
use serde::Deserialize;

use crate::faults::Faults;
use crate::instances::Function;
use crate::metrics::{Metrics, Snapshot};
use crate::schedule;
use crate::stack::Published;
use crate::template::ScheduleEvent;

/// The longest answer that is read: all metrics.
const LONGEST_ANSWER: usize = 16 * 1024 * 1024;

/// The scheduled functions by binary name, each with its schedules.
pub(super) type Scheduled = BTreeMap<String, (Arc<Function>, Vec<ScheduleEvent>)>;

/// What the control address controls.
pub(super) struct Controlled {
    pub(super) scheduled: Scheduled,
    pub(super) metrics: Metrics,
    /// The faults of the backends and the functions, by their names.
    pub(super) faults: BTreeMap<String, Faults>,
    pub(super) sqs: logistics::aws::Sqs,
    pub(super) queue_urls: BTreeMap<String, String>,
}

/// The routes of the control address.
pub(super) fn router(controlled: Controlled) -> Router {
    Router::new()
        .route("/fire/{function}", post(run))
        .route("/faults/{name}", post(make_fail))
        .route("/metrics", get(measure))
        .with_state(Arc::new(controlled))
}

async fn run(
    State(controlled): State<Arc<Controlled>>,
    PathPart(name): PathPart<String>,
) -> (StatusCode, String) {
    let scheduled = &controlled.scheduled;
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

/// How many calls fail.
#[derive(Debug, Deserialize)]
struct HowMany {
    #[serde(default = "one")]
    calls: u32,
}

fn one() -> u32 {
    1
}

/// The next calls of the functions to a backend are throttled, or the next invocations of a function crash.
async fn make_fail(
    State(controlled): State<Arc<Controlled>>,
    PathPart(name): PathPart<String>,
    Query(HowMany { calls }): Query<HowMany>,
) -> (StatusCode, String) {
    let Some(faults) = controlled.faults.get(&name) else {
        let known: Vec<&str> = controlled.faults.keys().map(String::as_str).collect();
        let known = known.join(", ");
        let reason = format!("{name} is no backend and no function; these are: {known}");
        return (StatusCode::NOT_FOUND, reason);
    };
    faults.set(calls);
    (StatusCode::OK, String::new())
}

async fn measure(State(controlled): State<Arc<Controlled>>) -> Json<Snapshot> {
    for (queue, url) in &controlled.queue_urls {
        controlled.measure_queue(queue, url).await;
    }
    Json(controlled.metrics.snapshot())
}

impl Controlled {
    /// Notes the length of a queue. Without an answer there is no value, as in AWS.
    async fn measure_queue(&self, queue: &str, url: &str) {
        let asked = self
            .sqs
            .get_queue_attributes()
            .queue_url(url)
            .attribute_names(QueueAttributeName::All)
            .send()
            .await;
        let Some(told) = asked.ok().and_then(|answer| answer.attributes) else {
            return;
        };
        let number = |name| -> u64 {
            let number = told.get(&name).and_then(|number| number.parse().ok());
            number.unwrap_or(0)
        };
        let visible = number(QueueAttributeName::ApproximateNumberOfMessages);
        let hidden = number(QueueAttributeName::ApproximateNumberOfMessagesNotVisible)
            + number(QueueAttributeName::ApproximateNumberOfMessagesDelayed);
        let name = url.rsplit('/').next().unwrap_or(queue);
        self.metrics.note_queue(name, visible, visible + hidden);
    }
}

/// Runs a scheduled function of the stack that published this file, once for each of its schedules, and waits until it has ended.
pub async fn fire(published: &Path, function: &str) -> anyhow::Result<()> {
    let url = format!("{}/fire/{function}", control_url(published)?);
    ask(Request::post(url).body(Body::empty())?).await?;
    Ok(())
}

/// The metrics of the stack that published this file.
pub async fn metrics_of(published: &Path) -> anyhow::Result<Snapshot> {
    let url = format!("{}/metrics", control_url(published)?);
    let answer = ask(Request::get(url).body(Body::empty())?).await?;
    Ok(serde_json::from_slice(&answer)?)
}

fn control_url(published: &Path) -> anyhow::Result<String> {
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
    Ok(rest.control_url)
}

async fn ask(request: Request<Body>) -> anyhow::Result<Bytes> {
    let client = Client::builder(TokioExecutor::new()).build_http::<Body>();
    let answer = client.request(request).await?;
    let status = answer.status();
    let body = axum::body::to_bytes(Body::new(answer.into_body()), LONGEST_ANSWER).await?;
    if status != StatusCode::OK {
        bail!("{}", String::from_utf8_lossy(&body));
    }
    Ok(body)
}
