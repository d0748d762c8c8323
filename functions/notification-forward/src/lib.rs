//! Consumes the delivery queue: forwards each message to its endpoint, lane by lane.

use std::time::Duration;

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use lambda_runtime::{Context, LambdaEvent};
use logistics::clock;
use logistics::flows::delivering::batch_endpoints::BatchEndpoints;
use logistics::flows::delivering::forward_message::{ForwardDependencies, forward_message};
use logistics::queue::batch::Batches;
use logistics::wiring::{Start, WiringFailure};
use tokio::time::Instant;

/// What the function uses; its policy in the template says the same.
#[derive(Debug)]
pub struct App {
    /// The queue.
    pub batches: Batches,
    /// Endpoints, records and the way to clients.
    pub forwarding: ForwardDependencies,
}

impl App {
    /// Takes all of it.
    pub fn new(start: &Start) -> Result<Self, WiringFailure> {
        Ok(Self {
            batches: start.batches()?,
            forwarding: start.forwarding()?,
        })
    }
}

/// Works off one batch and says which messages are left.
pub async fn handle(app: &App, event: LambdaEvent<SqsEvent>) -> SqsBatchResponse {
    let LambdaEvent { payload, context } = event;
    let end = Instant::now() + time_left(&context);
    let forwarding = &app.forwarding;
    let attempting = &forwarding.attempting;
    let batch = &BatchEndpoints::new(&attempting.endpoints, &attempting.healths);
    let forward = async |message| forward_message(forwarding, batch, message, end).await;
    app.batches.work_off(payload, forward).await
}

/// What is left before Lambda kills this invocation.
fn time_left(context: &Context) -> Duration {
    let now = u64::try_from(clock::now().as_millisecond()).unwrap_or(u64::MAX);
    Duration::from_millis(context.deadline.saturating_sub(now))
}
