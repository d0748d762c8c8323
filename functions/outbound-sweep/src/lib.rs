//! Runs every minute: tells clients of the outbound orders that the OMS did not confirm in time.

use std::time::Duration;

use lambda_runtime::{Context, Error, LambdaEvent};
use logistics::clock;
use logistics::flows::fulfilling::dependencies::DueDependencies;
use logistics::flows::fulfilling::tell_due::tell_due;
use logistics::wiring::{Start, WiringFailure};
use serde::de::IgnoredAny;
use tokio::time::Instant;

/// The function's dependencies; its policy in the template grants the same.
#[derive(Debug)]
pub struct App {
    /// The orders, those that are due, and their messages.
    pub telling: DueDependencies,
}

impl App {
    /// Builds them from the function's variables.
    pub fn new(start: &Start) -> Result<Self, WiringFailure> {
        Ok(Self {
            telling: start.due_orders()?,
        })
    }
}

/// Tells of everything that is due. The content of the schedule's event is ignored.
pub async fn handle(app: &App, event: LambdaEvent<IgnoredAny>) -> Result<(), Error> {
    let end = Instant::now() + time_left(&event.context);
    tell_due(&app.telling, end).await?;
    Ok(())
}

/// The time left before Lambda stops this invocation.
fn time_left(context: &Context) -> Duration {
    let now = u64::try_from(clock::now().as_millisecond()).unwrap_or(u64::MAX);
    Duration::from_millis(context.deadline.saturating_sub(now))
}
