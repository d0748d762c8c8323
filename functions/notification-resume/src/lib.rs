//! Runs every minute: probes suspended endpoints, and delivers the parked messages of those that work again.

use lambda_runtime::{Error, LambdaEvent};
use logistics::clock;
use logistics::flows::delivering::resume_endpoints::{ResumeDependencies, resume_endpoints};
use logistics::flows::write_statistics::write_statistics;
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
    let end = Instant::now() + clock::left_until(event.context.deadline);
    let resumed = resume_endpoints(&app.resumer, end).await;
    write_statistics(&app.resumer.attempting.statistics).await;
    resumed?;
    Ok(())
}
