//! Consumes the queue of readings: reads requests for returns from their channels, and makes return orders of them.

use std::collections::BTreeMap;

use aws_lambda_events::event::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent};
use futures::future::join_all;
use logistics::flows::channelling::dependencies::ReadingDependencies;
use logistics::flows::channelling::read_return::read_return;
use logistics::queue::return_reading::ReturnReading;
use logistics::telemetry;
use logistics::wiring::{Start, WiringFailure};
use tracing::{Instrument as _, field::Empty, info_span};

/// The function's dependencies; its policy in the template grants the same.
#[derive(Debug)]
pub struct App {
    /// The channel accounts, and all that return orders need.
    pub reading: ReadingDependencies,
}

impl App {
    /// Builds them from the function's variables.
    pub fn new(start: &Start) -> Result<Self, WiringFailure> {
        Ok(Self {
            reading: start.return_reading()?,
        })
    }
}

/// The messages about one request: one reading answers all of them.
#[derive(Default)]
struct Asked {
    reading: Option<ReturnReading>,
    message_ids: Vec<String>,
}

/// Processes one batch and returns the messages that are to be repeated.
pub async fn handle(app: &App, event: SqsEvent) -> SqsBatchResponse {
    let mut asked: BTreeMap<String, Asked> = BTreeMap::new();
    for message in event.records {
        let id = message.message_id.unwrap_or_default();
        let reading = ReturnReading::parse(&message.body.unwrap_or_default());
        let group = reading
            .as_ref()
            .map_or_else(|| id.clone(), ReturnReading::group);
        let asked = asked.entry(group).or_default();
        asked.reading = reading;
        asked.message_ids.push(id);
    }
    let failed = join_all(asked.into_values().map(|asked| work_off(app, asked))).await;
    let mut response = SqsBatchResponse::default();
    response
        .batch_item_failures
        .extend(failed.into_iter().flatten().map(failure));
    response
}

fn failure(id: String) -> BatchItemFailure {
    let mut failure = BatchItemFailure::default();
    failure.item_identifier = id;
    failure
}

/// Reads a request; returns the messages that are to be repeated.
async fn work_off(app: &App, asked: Asked) -> Vec<String> {
    let Some(reading) = asked.reading else {
        tracing::error!("a message of the queue of readings cannot be parsed");
        return asked.message_ids;
    };
    let span = info_span!(
        "reading",
        request_id = %reading.request_id,
        client_id = %reading.client_id,
        alias = %reading.alias,
        partner = Empty,
    );
    let read = Box::pin(read_return(&app.reading, &reading));
    match read.instrument(span.clone()).await {
        Ok(()) => Vec::new(),
        Err(error) => {
            let error = telemetry::chain(&error);
            span.in_scope(|| tracing::warn!(error, "request for a return is read again"));
            asked.message_ids
        }
    }
}
