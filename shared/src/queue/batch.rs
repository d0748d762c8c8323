//! Processes a batch of messages: groups in parallel, the messages of a group in order.
//!
//! A FIFO queue locks a group until each of its received messages is deleted or visible again. If a message must be
//! retried later, only this message gets the delay; the rest of its group becomes visible at once, but the queue does
//! not return it before the delayed head. A message whose handler panics fails alone.
//!
//! Lambda deletes processed messages only when the invocation returns, and the function is invoked by few batches at a
//! time. So a batch that takes long does not keep others waiting: it deletes or returns what is finished, receives more
//! messages from the queue and processes them beside its own, as long as it has to wait anyway. In case it does not live
//! to return its messages, it asks the queue to hand them out again soon after its end.

mod calls;
mod group;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use futures::future::{Fuse, FusedFuture as _};
use futures::stream::FuturesUnordered;
use futures::{FutureExt as _, StreamExt as _, select_biased};
use tokio::time::{Instant, sleep};

use crate::aws::Sqs;
use crate::queue::batch::group::{Left, Worked, by_group, in_sequence};
use crate::queue::received::ReceivedMessage;
use crate::telemetry::metrics::{self, measured};

/// How long finished messages wait for the rest of their batch: most endpoints respond sooner.
const A_MOMENT: Duration = Duration::from_secs(1);
/// With less time nothing more is received. From then on the batch only ends.
pub const LAST_RECEIVE: Duration = Duration::from_secs(5);
/// How long after the end of a batch its messages are handed out again, if it could not return them.
const AFTER_THE_END: Duration = Duration::from_secs(5);

/// What happens to a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is processed: delete it.
    Done,
    /// Return it to the queue and receive it again after this time.
    Later(Duration),
}

/// A queue whose messages are processed in batches.
#[derive(Debug, Clone)]
pub struct Batches {
    client: Sqs,
    queue_url: String,
}

/// How messages are handled.
pub trait Handler {
    /// What the messages of a batch share.
    type Batch;

    /// Begins another batch beside those that are being handled; `None` if there is no room for it now.
    fn begin(&self) -> Option<Self::Batch>;

    /// Handles a message of a batch.
    fn handle(&self, batch: &Self::Batch, message: ReceivedMessage) -> impl Future<Output = Fate>;
}

impl Batches {
    /// The queue with this URL.
    pub fn new(client: Sqs, queue_url: String) -> Self {
        Self { client, queue_url }
    }

    /// Handles every message of an event, until `end` at the latest, and returns the ones that are not finished.
    pub async fn work_off<H: Handler>(
        &self,
        event: SqsEvent,
        first: H::Batch,
        handler: &H,
        end: Instant,
    ) -> SqsBatchResponse {
        measured(Box::pin(self.handle_all(event, first, handler, end))).await
    }

    async fn handle_all<H: Handler>(
        &self,
        event: SqsEvent,
        first: H::Batch,
        handler: &H,
        end: Instant,
    ) -> SqsBatchResponse {
        let own: Vec<String> = handles(&event.records).collect();
        if own.len() == 1 {
            metrics::carried_by_next_line();
        }
        let mut running = FuturesUnordered::new();
        let add = |messages, batch: H::Batch, is_own| {
            let batch = Arc::new(batch);
            let groups = by_group(messages).into_iter();
            groups.map(move |group| in_sequence(group, handler, Arc::clone(&batch), is_own))
        };
        running.extend(add(event.records, first, true));
        let mut moment = Box::pin(sleep(A_MOMENT).fuse());
        let mut receiving = Box::pin(Fuse::terminated());
        let mut reporting = Box::pin(Fuse::terminated());
        let mut unreported = Worked::default();
        let mut response = SqsBatchResponse::default();
        while !(running.is_empty() && receiving.is_terminated() && reporting.is_terminated()) {
            select_biased! {
                worked = running.select_next_some() => unreported.add(worked, &mut response),
                received = receiving => {
                    let (messages, batch): (Vec<SqsMessage>, H::Batch) = received;
                    running.extend(add(messages, batch, false));
                }
                () = reporting => {}
                () = moment => self.lend_until(end, unfinished(&own, &unreported)).await,
            }
            if !moment.is_terminated() {
                continue;
            }
            if reporting.is_terminated() && !unreported.is_empty() {
                let worked = std::mem::take(&mut unreported);
                reporting = Box::pin(self.report(worked).fuse());
            }
            if receiving.is_terminated()
                && !running.is_empty()
                && until(end) >= LAST_RECEIVE
                && let Some(batch) = handler.begin()
            {
                let more = async move { (self.receive(end).await, batch) };
                receiving = Box::pin(more.fuse());
            }
        }
        self.hand_back(&unreported.left).await;
        response
    }

    /// Shortens the time for which the queue hides messages from the other instances to the rest of this batch.
    async fn lend_until(&self, end: Instant, handles: impl Iterator<Item = &String>) {
        let delay = until(end).saturating_add(AFTER_THE_END);
        let lent = handles.map(|handle| Left::lent(handle.clone(), delay));
        self.hand_back(&lent.collect::<Vec<_>>()).await;
    }

    /// Deletes or returns finished messages at once, instead of at the end of the invocation.
    async fn report(&self, worked: Worked) {
        self.delete(&worked.done).await;
        self.hand_back(&worked.left).await;
    }
}

fn until(end: Instant) -> Duration {
    end.saturating_duration_since(Instant::now())
}

/// The messages of the event that are still being handled; nothing was reported yet.
fn unfinished<'a>(own: &'a [String], worked: &'a Worked) -> impl Iterator<Item = &'a String> {
    own.iter()
        .filter(|handle| !worked.handles().any(|finished| finished == *handle))
}

fn handles(messages: &[SqsMessage]) -> impl Iterator<Item = String> {
    messages
        .iter()
        .filter_map(|message| message.receipt_handle.clone())
}
