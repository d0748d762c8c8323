//! Runs every 15 minutes: lists the requests for returns of all channel accounts, and has those read that no webhook named.

use std::time::Duration;

use lambda_runtime::{Context, Error, LambdaEvent};
use logistics::clock;
use logistics::flows::channelling::dependencies::PollDependencies;
use logistics::flows::channelling::poll_returns::poll_returns;
use logistics::wiring::{Start, WiringFailure};
use serde::de::IgnoredAny;
use tokio::time::Instant;

/// The function's dependencies; its policy in the template grants the same.
#[derive(Debug)]
pub struct App {
    /// The channel accounts, how far they were listed, and the queue of readings.
    pub polling: PollDependencies,
}

impl App {
    /// Builds them from the function's variables.
    pub fn new(start: &Start) -> Result<Self, WiringFailure> {
        Ok(Self {
            polling: start.return_polling()?,
        })
    }
}

/// Polls all channel accounts. The content of the schedule's event is ignored.
pub async fn handle(app: &App, event: LambdaEvent<IgnoredAny>) -> Result<(), Error> {
    let end = Instant::now() + time_left(&event.context);
    poll_returns(&app.polling, end).await?;
    Ok(())
}

/// The time left before Lambda stops this invocation.
fn time_left(context: &Context) -> Duration {
    let now = u64::try_from(clock::now().as_millisecond()).unwrap_or(u64::MAX);
    Duration::from_millis(context.deadline.saturating_sub(now))
}
