//! Reads what changed in channels that send no webhook about it. Every 15 minutes it lists the requests for returns of all channel
//! accounts, and has those read that no webhook named; every minute it tells which orders changed.

use lambda_runtime::{Error, LambdaEvent};
use logistics::clock;
use logistics::flows::channelling::dependencies::{OrderPollDependencies, PollDependencies};
use logistics::flows::channelling::poll_orders::poll_orders;
use logistics::flows::channelling::poll_returns::poll_returns;
use logistics::wiring::{Start, WiringFailure};
use serde::Deserialize;
use tokio::time::Instant;

/// The function's dependencies; its policy in the template grants the same.
#[derive(Debug)]
pub struct App {
    /// The channel accounts, how far their requests for returns were listed, and the queue of readings.
    pub returns: PollDependencies,
    /// The channel accounts, how far their orders were read, and where changes are sent.
    pub orders: OrderPollDependencies,
}

/// A schedule's event. That of requests for returns is `EventBridge`'s own.
#[derive(Debug, Deserialize)]
pub struct PollSchedule {
    #[serde(default)]
    poll: Poll,
}

/// What is polled.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Poll {
    #[default]
    Returns,
    Orders,
}

impl App {
    /// Builds them from the function's variables.
    pub fn new(start: &Start) -> Result<Self, WiringFailure> {
        Ok(Self {
            returns: start.return_polling()?,
            orders: start.order_polling()?,
        })
    }
}

/// Polls all channel accounts for what the schedule names.
pub async fn handle(app: &App, event: LambdaEvent<PollSchedule>) -> Result<(), Error> {
    let end = Instant::now() + clock::left_until(event.context.deadline);
    match event.payload.poll {
        Poll::Returns => poll_returns(&app.returns, end).await?,
        Poll::Orders => poll_orders(&app.orders, end).await?,
    }
    Ok(())
}
