//! Consumes the queue of readings: reads requests for returns from their channels, and makes return orders of them.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use lambda_runtime::LambdaEvent;
use logistics::clock;
use logistics::flows::channelling::dependencies::ReadingDependencies;
use logistics::flows::channelling::read_return::read_return;
use logistics::queue::batch::{Batches, Fate, Handler};
use logistics::queue::received::ReceivedMessage;
use logistics::queue::return_reading::ReturnReading;
use logistics::telemetry;
use logistics::wiring::{Start, WiringFailure};
use tokio::time::Instant;
use tracing::{Instrument as _, field::Empty, info_span};

/// How long after its batch began a failed reading is repeated. The queue's dead letters are those that failed for two hours.
const REPEATED_AFTER: Duration = Duration::from_secs(45);

/// The function's dependencies; its policy in the template grants the same.
#[derive(Debug)]
pub struct App {
    /// The queue.
    pub batches: Batches,
    /// The channel accounts, and all that return orders need.
    pub reading: ReadingDependencies,
}

impl App {
    /// Builds them from the function's variables.
    pub fn new(start: &Start) -> Result<Self, WiringFailure> {
        Ok(Self {
            batches: start.reading_batches()?,
            reading: start.return_reading()?,
        })
    }
}

/// Processes one batch and returns the messages that are to be repeated.
pub async fn handle(app: &App, event: LambdaEvent<SqsEvent>) -> SqsBatchResponse {
    let LambdaEvent { payload, context } = event;
    let began = Instant::now();
    let end = began + clock::left_until(context.deadline);
    let read = Read { app, began };
    let batch = AlreadyRead::default();
    app.batches.work_off(payload, batch, &read, end).await
}

/// The requests that a batch has read: one reading answers all messages about a request, because they were sent before it.
#[derive(Default)]
struct AlreadyRead(Mutex<BTreeSet<String>>);

impl AlreadyRead {
    fn groups(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Handles the messages of an invocation.
struct Read<'a> {
    app: &'a App,
    began: Instant,
}

impl Read<'_> {
    fn again(&self) -> Fate {
        Fate::Later(REPEATED_AFTER.saturating_sub(self.began.elapsed()))
    }
}

impl Handler for Read<'_> {
    type Batch = AlreadyRead;

    /// Channels limit the rate of calls: nothing is read beside the messages of the event.
    fn begin(&self) -> Option<AlreadyRead> {
        None
    }

    async fn handle(&self, batch: &AlreadyRead, message: ReceivedMessage) -> Fate {
        let Some(reading) = ReturnReading::parse(&message.body) else {
            tracing::error!("a message of the queue of readings cannot be parsed");
            return self.again();
        };
        let group = reading.group();
        if batch.groups().contains(&group) {
            return Fate::Done;
        }
        if !is_read(self.app, &reading).await {
            return self.again();
        }
        batch.groups().insert(group);
        Fate::Done
    }
}

/// Reads a request; false if it is to be read again.
async fn is_read(app: &App, reading: &ReturnReading) -> bool {
    let span = info_span!(
        "reading",
        request_id = %reading.request_id,
        client_id = %reading.client_id,
        alias = %reading.alias,
        partner = Empty,
    );
    let read = Box::pin(read_return(&app.reading, reading));
    let read = read.instrument(span.clone()).await;
    if let Err(error) = &read {
        let error = telemetry::chain(error);
        span.in_scope(|| tracing::warn!(error, "request for a return is read again"));
    }
    read.is_ok()
}
