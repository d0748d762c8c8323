//! Consumes the delivery queue: forwards each message to its endpoint, lane by lane.

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use lambda_runtime::LambdaEvent;
use logistics::clock;
use logistics::flows::delivering::batch_endpoints::BatchEndpoints;
use logistics::flows::delivering::forward_message::{ForwardDependencies, forward_message};
use logistics::flows::write_statistics::write_statistics;
use logistics::queue::batch::{Batches, Fate, Handler};
use logistics::queue::received::ReceivedMessage;
use logistics::wiring::{Start, WiringFailure};
use tokio::time::Instant;

/// The function's dependencies; its policy in the template grants the same.
#[derive(Debug)]
pub struct App {
    /// The queue.
    pub batches: Batches,
    /// Endpoints, records and the HTTP client for endpoints.
    pub forwarding: ForwardDependencies,
}

impl App {
    /// Builds them from the function's variables.
    pub fn new(start: &Start) -> Result<Self, WiringFailure> {
        Ok(Self {
            batches: start.batches()?,
            forwarding: start.forwarding()?,
        })
    }
}

/// Processes one batch and returns the messages that are to be retried.
pub async fn handle(app: &App, event: LambdaEvent<SqsEvent>) -> SqsBatchResponse {
    let LambdaEvent { payload, context } = event;
    let end = Instant::now() + clock::left_until(context.deadline);
    let forward = Forward { app, end };
    let batch = forward.batch();
    let response = app.batches.work_off(payload, batch, &forward, end).await;
    write_statistics(&app.forwarding.attempting.statistics).await;
    response
}

/// Handles the messages of an invocation.
struct Forward<'a> {
    app: &'a App,
    end: Instant,
}

impl<'a> Forward<'a> {
    fn batch(&self) -> BatchEndpoints<'a> {
        let attempting = &self.app.forwarding.attempting;
        BatchEndpoints::new(&attempting.endpoints, &attempting.healths)
    }
}

impl<'a> Handler for Forward<'a> {
    type Batch = BatchEndpoints<'a>;

    fn begin(&self) -> Option<Self::Batch> {
        let under_way = &self.app.forwarding.under_way;
        under_way.has_room(Instant::now()).then(|| self.batch())
    }

    async fn handle(&self, batch: &Self::Batch, message: ReceivedMessage) -> Fate {
        forward_message(&self.app.forwarding, batch, message, self.end).await
    }
}
