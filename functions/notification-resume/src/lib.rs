//! Runs every minute: probes suspended endpoints, and delivers what is parked for those that take something again.

use std::time::Duration;

use lambda_runtime::{Context, Error, LambdaEvent};
use logistics::clock;
use logistics::flows::delivering::resume_endpoints::{ResumeDependencies, resume_endpoints};
use logistics::wiring::{Start, WiringFailure};
use serde::de::IgnoredAny;
use tokio::time::Instant;

/// What the function uses; its policy in the template says the same.
#[derive(Debug)]
pub struct App {
    /// Suspended endpoints, what is parked for them, and the way to clients.
    pub resumer: ResumeDependencies,
}

impl App {
    /// Takes all of it.
    pub fn new(start: &Start) -> Result<Self, WiringFailure> {
        Ok(Self {
            resumer: start.resuming()?,
        })
    }
}

/// Works on all suspended endpoints. What the schedule's event says does not matter.
pub async fn handle(app: &App, event: LambdaEvent<IgnoredAny>) -> Result<(), Error> {
    let end = Instant::now() + time_left(&event.context);
    resume_endpoints(&app.resumer, end).await?;
    Ok(())
}

/// What is left before Lambda kills this invocation.
fn time_left(context: &Context) -> Duration {
    let now = u64::try_from(clock::now().as_millisecond()).unwrap_or(u64::MAX);
    Duration::from_millis(context.deadline.saturating_sub(now))
}
