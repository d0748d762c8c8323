//! Runs every minute: probes suspended endpoints, and delivers the parked messages of those that work again.

use std::time::Duration;

use lambda_runtime::{Context, Error, LambdaEvent};
use logistics::clock;
use logistics::flows::delivering::resume_endpoints::{ResumeDependencies, resume_endpoints};
use logistics::wiring::{Start, WiringFailure};
use serde::de::IgnoredAny;
use tokio::time::Instant;

/// The function's dependencies; its policy in the template grants the same.
#[derive(Debug)]
pub struct App {
    /// Suspended endpoints, their parked deliveries, and the HTTP client for endpoints.
    pub resumer: ResumeDependencies,
}

impl App {
    /// Builds them from the function's variables.
    pub fn new(start: &Start) -> Result<Self, WiringFailure> {
        Ok(Self {
            resumer: start.resuming()?,
        })
    }
}

/// Processes all suspended endpoints. The content of the schedule's event is ignored.
pub async fn handle(app: &App, event: LambdaEvent<IgnoredAny>) -> Result<(), Error> {
    let end = Instant::now() + time_left(&event.context);
    resume_endpoints(&app.resumer, end).await?;
    Ok(())
}

/// The time left before Lambda stops this invocation.
fn time_left(context: &Context) -> Duration {
    let now = u64::try_from(clock::now().as_millisecond()).unwrap_or(u64::MAX);
    Duration::from_millis(context.deadline.saturating_sub(now))
}
